package dev.detour.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoFault;
import dev.detour.config.ConfigLoader;
import dev.detour.testkit.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages that load, link and fit, and speak of things that exist. */
class PagesTest {
    /** A type, perhaps with a member: {@code Exchange}, {@code Setting.ALL}. */
    private static final Pattern TYPE = Pattern.compile("[A-Z]\\w*[a-z]\\w*(\\.\\w+)?");

    /** Netty's. */
    private static final Set<String> FOREIGN_TYPES = Set.of("AttributeKey");

    private static final Pattern ABSOLUTE_PATH =
            Pattern.compile("(?<![\\w.:/}*-])/(?:home|root|Users|work|opt|var|srv|usr|mnt|etc|tmp)/[^\\s`\"]*");

    private static final Pattern HOST = Pattern.compile("https?://([\\w.-]+)");

    @Test
    void everyConfigurationInThePagesLoads(@TempDir Path folder) throws Exception {
        ReadmeFiles.create(folder, TestCertificates.create());
        int loaded = 0;

        for (String yaml : Page.readme().blocks("yaml")) {
            assertThat(ConfigLoader.load(yaml, folder).routes()).isNotEmpty();
            loaded++;
        }

        assertThat(loaded).isPositive();
        // docs/configuration.md is loaded by the config module's own test; no other page may hide a block from both
        assertThat(Page.all())
                .filteredOn(page -> !page.file().endsWith("configuration.md")
                        && !page.file().endsWith("README.md"))
                .allSatisfy(page -> assertThat(page.blocks("yaml")).isEmpty());
    }

    @Test
    void everyLocalLinkLeadsToAFile() throws Exception {
        for (Page page : Page.all()) {
            assertThat(page.localLinks())
                    .as(page.file().getFileName().toString())
                    .allSatisfy(target ->
                            assertThat(page.file().resolveSibling(target)).exists());
        }
    }

    @Test
    void everyTypeThatTheArchitectureNamesExists() throws Exception {
        Page architecture = Page.read(Page.ROOT.resolve("docs/ARCHITECTURE.md"));
        SourceFiles sources = SourceFiles.ofTheRepository();

        List<String> types = architecture.codeWords().stream()
                .filter(TYPE.asMatchPredicate())
                .filter(type -> !FOREIGN_TYPES.contains(type))
                .toList();

        assertThat(types)
                .hasSizeGreaterThan(20)
                .allSatisfy(type -> assertThat(sources.have(type)).as(type).isTrue());
    }

    @Test
    void noPageNamesAPlaceOfOneMachine() throws Exception {
        for (Page page : Page.all()) {
            String name = page.file().getFileName().toString();

            // the folder that the demo itself proposes
            assertThat(page.found(ABSOLUTE_PATH)).as(name).allMatch(path -> path.startsWith("/tmp/demo-venv"));
            // loopback, private and documentation addresses
            assertThat(page.found(HOST))
                    .as(name)
                    .allMatch(host ->
                            host.matches("127\\.0\\.0\\.1|10\\.[0-9.]+|[a-z]+\\.example\\.org|github\\.com|HOST"));
        }
    }

    @Test
    void theReadmeNamesEveryFaultOfTheDemo() throws Exception {
        String readme = String.join("\n", Page.readme().lines());

        assertThat(Stream.of(DemoFault.values()).filter(fault -> fault != DemoFault.NONE))
                .allSatisfy(fault -> assertThat(readme)
                        .containsPattern("`" + fault.label() + "`|demo break " + fault.label() + "\n"));
    }

    @Test
    void theOtherPagesAreShort() throws Exception {
        assertThat(Page.read(Page.ROOT.resolve("docs/ARCHITECTURE.md")).lines()).hasSizeLessThanOrEqualTo(200);
        assertThat(Page.read(Page.ROOT.resolve("docs/RATIONALE.md")).lines()).hasSizeLessThanOrEqualTo(200);
    }

    @Test
    void theReadmeIsNeitherTooShortNorAManual() throws Exception {
        assertThat(Page.readme().lines()).hasSizeBetween(60, 120);
    }

    @Test
    void ciRunsTheTestCommandOfTheReadme() throws Exception {
        String ci = Files.readString(Page.ROOT.resolve(".ci/run"));

        List<String> tests = Page.readme().commands().stream()
                .filter(command -> command.startsWith("./mvnw"))
                .toList();

        assertThat(tests).singleElement().satisfies(command -> assertThat(ci).contains(command));
    }
}
