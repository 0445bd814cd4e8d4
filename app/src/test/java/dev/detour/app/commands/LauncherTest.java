package dev.detour.app.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.support.DetourProcess;
import dev.detour.app.support.DetourProcess.Ended;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher script, beside the jars of the program as in an installation. The folder is made here from the classes under
 * test, since the build makes its own only after the tests.
 */
@Timeout(60)
class LauncherTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path installation;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path elsewhere;

    @BeforeAll
    static void install() throws IOException {
        Files.copy(repository().resolve("detour"), installation.resolve("detour"), StandardCopyOption.COPY_ATTRIBUTES);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classesUnderTest());
        Path jar = Files.createDirectory(installation.resolve("lib")).resolve("everything.jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
    }

    /** The class path of this JVM as one of a jar: URLs, those of directories with a slash at the end. */
    private static String classesUnderTest() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" "));
    }

    /** The folder with the launcher: the tests run in a module of it. */
    private static Path repository() {
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("detour")) && Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new AssertionError("neither " + start + " nor a folder above it has detour and mvnw");
    }

    @Test
    void runsFromAnotherDirectoryWhoseFilesItFinds() throws Exception {
        Files.writeString(elsewhere.resolve("with a space.yaml"), "listeners: []\n");

        Ended ended = run(installation.resolve("detour").toString(), "check", "--config", "with a space.yaml");

        assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).isNotEmpty().allMatch(line -> line.startsWith("detour: with a space.yaml"));
    }

    @Test
    void runsThroughSymbolicLinksAbsoluteAndRelative() throws Exception {
        Path absolute = Files.createSymbolicLink(installation.resolve("absolute"), installation.resolve("detour"));
        Path bin = Files.createDirectory(installation.resolve("bin"));
        Path relative = Files.createSymbolicLink(bin.resolve("relative"), Path.of("..", "absolute"));

        for (Path link : List.of(absolute, relative)) {
            Ended ended = run(link.toString(), "--help");

            assertThat(ended.exitCode()).as(ended.toString()).isZero();
            assertThat(ended.out()).first().asString().startsWith("Usage: detour");
            assertThat(ended.err()).isEmpty();
        }
    }

    @Test
    void exitCodeOfAWrongCommandLineIsPassedOn() throws Exception {
        Ended ended = run(installation.resolve("detour").toString(), "mode", "sideways");

        assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(64);
        assertThat(ended.err().get(0)).startsWith("detour: ").contains("sideways", "read-only");
    }

    /** A small heap is enough for a question; a whole index does not fit into it. */
    @Test
    void commandsThatGoThroughAWholeIndexHaveMoreMemory() throws Exception {
        assertThat(heapOf("mirror", "import", "nothing.jsonl", "--store", "copy"))
                .isGreaterThanOrEqualTo(4 * heapOf("mirror", "status"));
    }

    /** In bytes, as the JVM says. */
    private long heapOf(String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "/usr/bin/env",
                "DETOUR_JAVA_OPTS=-XX:+PrintFlagsFinal",
                installation.resolve("detour").toString()));
        all.addAll(List.of(command));
        Ended ended = run(all.toArray(String[]::new));
        return ended.out().stream()
                .filter(line -> line.contains(" MaxHeapSize "))
                .map(line -> line.replaceAll(".*= *([0-9]+) .*", "$1"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow(() -> new AssertionError(ended.toString()));
    }

    @Test
    void javaThatIsNotThereIsNamed() throws Exception {
        Ended ended = run(
                "/usr/bin/env",
                "DETOUR_JAVA_HOME=/no/such/jdk",
                installation.resolve("detour").toString(),
                "--help");

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.err()).singleElement().asString().startsWith("detour: DETOUR_JAVA_HOME: /no/such/jdk");
    }

    private Ended run(String... command) throws Exception {
        try (DetourProcess detour = DetourProcess.start(List.of(command), elsewhere)) {
            return detour.await(LIMIT);
        }
    }
}
