package dev.detour.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.support.ClientProgram;
import dev.detour.app.support.DetourProcess;
import dev.detour.app.support.DetourProcess.Ended;
import dev.detour.app.support.ProgramRun;
import dev.detour.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every command of the README, in its order and as it stands there but for ports and folders. */
@Timeout(180)
class ReadmeCommandsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What runs this test, so that the test cannot run it. */
    private static final List<String> RUN_BY_CI = List.of("./mvnw -B -ntp verify", ".ci/run");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private int port;
    private int adminPort;

    @BeforeEach
    void choosePorts() throws IOException {
        port = DetourProcess.freePort();
        adminPort = DetourProcess.freePort();
    }

    @Test
    void theCommandsOfTheDemoDoWhatTheReadmeSays() throws Exception {
        List<String> commands = Page.readme().commands();
        List<String> demo = commands.subList(0, commands.indexOf("./detour demo heal") + 1);
        assertThat(demo).first().isEqualTo("./detour demo");

        try (DetourProcess running = DetourProcess.start(
                folder, "demo", "--port", Integer.toString(port), "--admin-port", Integer.toString(adminPort))) {
            running.awaitLine("Stop with Ctrl-C.", LIMIT);
            for (String command : demo.subList(1, demo.size())) {
                // who reads the README and who reads the demo's own words type the same
                running.awaitLine(asPrintedByTheDemo(command), LIMIT);
                String output = type(command);
                if (command.contains("pip install")) {
                    assertThat(output).contains("Successfully installed demoapp-1.1.0 demolib-1.1.0");
                } else if (command.startsWith("curl")) {
                    assertThat(output).contains("503 Service Unavailable").contains("<html");
                }
            }
            assertThat(running.awaitLine("source=mirror reason=tls_expired", LIMIT))
                    .contains("/simple/demoapp/");
        }
    }

    @Test
    void theCommandsOfARealInstanceDoWhatTheReadmeSays() throws Exception {
        List<String> commands = Page.readme().commands();
        int serve = commands.indexOf("./detour serve --config detour.yaml");
        assertThat(serve).isPositive();
        ReadmeFiles.create(folder, TestCertificates.create());
        Files.writeString(
                folder.resolve("detour.yaml"),
                onFreePorts(Page.readme().blocks("yaml").get(0)));

        assertThat(type(commands.get(serve - 1))).contains("simple-project");
        try (DetourProcess running = start(commands.get(serve))) {
            running.awaitError("admin API on", LIMIT);
            assertThat(type(commands.get(serve + 1))).contains("read-only");
            assertThat(type(commands.get(serve + 2))).contains("normal");
            try (DetourProcess status = start(commands.get(serve + 3))) {
                Ended ended = status.await(LIMIT);

                // a warning: the files of this test hold no fit mirror
                assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(1);
                assertThat(String.join("\n", ended.out())).startsWith("WARNING").contains("backend warehouse");
            }
        }
    }

    @Test
    void theBenchmarkMeasuresWhatIsInstalled() throws Exception {
        ClientProgram.require("wrk", "bench/compare");
        ClientProgram bash = ClientProgram.require("bash", "bench/compare");

        ProgramRun run = bash.run(
                Duration.ofSeconds(90),
                List.of(
                        Page.ROOT.resolve("bench/compare").toString(),
                        "--peers",
                        "nginx,haproxy",
                        "--sizes",
                        "1k",
                        "--duration",
                        "1",
                        "--warmup",
                        "1"));

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.output()).contains("nginx").contains("1k");
    }

    @Test
    void theCacheRemembersMoreOfATraceThanVarnishDoes() throws Exception {
        for (String program : List.of("wrk", "nginx", "varnishd")) {
            ClientProgram.require(program, "bench/hit-ratio");
        }
        ClientProgram bash = ClientProgram.require("bash", "bench/hit-ratio");

        ProgramRun run = bash.run(
                Duration.ofMinutes(4),
                List.of(Page.ROOT.resolve("bench/hit-ratio").toString(), "--requests", "20000", "--pages", "10000"));

        // 1 would mean: a smaller share than Varnish
        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.output()).containsPattern("detour +20000").containsPattern("varnish +20000");
    }

    @Test
    void noCommandOfTheReadmeIsForgottenHere() throws Exception {
        List<String> commands = Page.readme().commands();
        int heal = commands.indexOf("./detour demo heal");
        int serve = commands.indexOf("./detour serve --config detour.yaml");

        assertThat(commands.subList(heal + 1, serve - 1)).isEmpty();
        assertThat(commands.subList(serve + 4, commands.size()))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(RUN_BY_CI.stream(), Stream.of("bench/compare"))
                        .toList());
    }

    /** Runs one line of the README to its end, which must be a good one; gives what it printed. */
    private String type(String line) throws IOException, InterruptedException {
        if (line.startsWith("./detour ")) {
            try (DetourProcess process = start(line)) {
                Ended ended = process.await(LIMIT);
                assertThat(ended.exitCode()).as(line + ": " + ended).isZero();
                return String.join("\n", ended.out());
            }
        }
        String[] words = adapted(line).split(" ", 2);
        ClientProgram program = words[0].startsWith("/")
                ? ClientProgram.require("sh", line).with("-c", adapted(line))
                : ClientProgram.require(words[0], line).with();
        List<String> arguments = words[0].startsWith("/") ? List.of() : shellWords(words[1]);
        ProgramRun run = program.run(LIMIT, arguments);
        assertThat(run.exitCode()).as(run.toString()).isZero();
        return run.output();
    }

    private DetourProcess start(String line) throws IOException {
        String text = line.substring("./detour ".length());
        if (text.startsWith("demo ")) {
            text = text.replace("demo ", "demo --admin-port " + adminPort + " ");
        } else if (text.startsWith("mode ") || text.startsWith("status ")) {
            text = text + " --admin http://127.0.0.1:" + adminPort;
        }
        return DetourProcess.start(folder, shellWords(text).toArray(String[]::new));
    }

    private String asPrintedByTheDemo(String line) {
        return line.replace("127.0.0.1:8080", "127.0.0.1:" + port)
                .replace("./detour demo ", "./detour demo --admin-port " + adminPort + " ");
    }

    private String adapted(String line) {
        return line.replace("/tmp/demo-venv", folder.resolve("demo-venv").toString())
                .replace("127.0.0.1:8080", "127.0.0.1:" + port);
    }

    private String onFreePorts(String yaml) throws IOException {
        return yaml.replace("0.0.0.0:8080", "127.0.0.1:" + port)
                .replace("0.0.0.0:8443", "127.0.0.1:" + DetourProcess.freePort())
                .replace("127.0.0.1:9901", "127.0.0.1:" + adminPort)
                // an instance shakes hands with what it watches: nobody else's network is asked by a test
                .replace("10.0.0.11:8443", "127.0.0.1:" + DetourProcess.freePort())
                .replace("10.0.0.12:8443", "127.0.0.1:" + DetourProcess.freePort());
    }

    /** Words separated by spaces, where single quotes hold several together. */
    private static List<String> shellWords(String text) {
        return Arrays.stream(text.split(" (?=(?:[^']*'[^']*')*[^']*$)"))
                .map(word -> word.replace("'", ""))
                .toList();
    }
}
