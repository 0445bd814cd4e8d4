package dev.detour.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.ConfigLoader;
import dev.detour.testkit.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages that load, link and fit. */
class PagesTest {
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
