package dev.detour.app.outage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.serve.Server;
import dev.detour.app.support.AccessEntry;
import dev.detour.app.support.AccessLines;
import dev.detour.app.support.ClientProgram;
import dev.detour.app.support.ProgramRun;
import dev.detour.config.ConfigLoader;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A body too long to be held that breaks on its way reaches the client as a broken transfer, never as a short whole. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class BrokenTransferTest {
    private static final int PARTIAL_FILE = 18;
    private static final int RECEIVE_ERROR = 56;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Ways of a backend to break a body of a megabyte after a third of it. */
    enum Break {
        LENGTH_THEN_CLOSE(wire -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
            wire.sendPattern(300_000);
            wire.close();
        }),
        LENGTH_THEN_RESET(wire -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
            wire.sendPattern(300_000);
            wire.reset();
        }),
        CHUNKS_THEN_CLOSE(wire -> {
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n493e0\r\n");
            wire.sendPattern(300_000);
            wire.send("\r\n");
            wire.close();
        }),
        INSIDE_A_CHUNK(wire -> {
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf4240\r\n");
            wire.sendPattern(300_000);
            wire.close();
        }),
        CHUNKS_THEN_NONSENSE(wire -> {
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n493e0\r\n");
            wire.sendPattern(300_000);
            wire.send("\r\nno chunk size\r\n");
            wire.close();
        });

        @SuppressWarnings("ImmutableEnumChecker") // a script, which holds no state
        private final Answer answer;

        Break(Answer answer) {
            this.answer = answer;
        }
    }

    @TempDir
    Path directory;

    private final AccessLines lines = new AccessLines();
    private FakeBackend backend;
    private Server server;
    private String url;

    @BeforeEach
    void start() throws Exception {
        backend = FakeBackend.clear();
        String yaml = """
                listeners:
                  - address: 127.0.0.1:0
                admin: {address: 127.0.0.1:0, token-file: admin.token}
                state: state
                cache: {memory: 0}
                backends:
                  files: {endpoints: ["%s"]}
                routes:
                  - name: files
                    match: {path: "/**"}
                    backend: files
                """.formatted(backend.url());
        server = Server.start(ConfigLoader.load(yaml, directory), lines, List.of());
        url = "http://127.0.0.1:" + server.addresses().get(0).getPort() + "/big.bin";
    }

    @AfterEach
    void stop() {
        server.close();
        backend.close();
    }

    @ParameterizedTest
    @EnumSource
    void curlReportsABrokenTransfer(Break how) throws Exception {
        backend.answer(how.answer);

        ProgramRun curl = curl(url);

        assertThat(curl.exitCode()).as("%s", curl).isIn(PARTIAL_FILE, RECEIVE_ERROR);
        assertThat(curl.output()).startsWith("200");
    }

    @ParameterizedTest
    @EnumSource
    void urllibRaisesInsteadOfReturningAPart(Break how) throws Exception {
        backend.answer(how.answer);

        ProgramRun python =
                ClientProgram.require("python3", "urllib meets a broken body").run(LIMIT, List.of("-c", """
                        import sys, urllib.request
                        answer = urllib.request.urlopen(sys.argv[1], timeout=10)
                        print("status", answer.status, flush=True)
                        print("whole", len(answer.read()))
                        """, url));

        assertThat(python.exitCode()).as("%s", python).isEqualTo(1);
        assertThat(python.output())
                .contains("status 200")
                .containsPattern("IncompleteRead|ConnectionResetError")
                .doesNotContain("whole");
    }

    /** To a client of HTTP/1.0 the end of the connection is the end of the body, so only a reset can tell it the truth. */
    @ParameterizedTest
    @EnumSource(names = {"CHUNKS_THEN_CLOSE", "INSIDE_A_CHUNK", "CHUNKS_THEN_NONSENSE"})
    void clientWithoutChunksSeesAReset(Break how) throws Exception {
        backend.answer(how.answer);

        ProgramRun curl = curl("--http1.0", url);

        assertThat(curl.exitCode()).as("%s", curl).isEqualTo(RECEIVE_ERROR);
    }

    @Test
    void accessLogNamesTheBreak() throws Exception {
        backend.answer(Break.LENGTH_THEN_CLOSE.answer);

        ProgramRun curl = curl(url);

        AccessEntry line = lines.await(entry -> entry.target().equals("/big.bin"), Duration.ofSeconds(5));
        assertThat(curl.exitCode()).as("%s", curl).isIn(PARTIAL_FILE, RECEIVE_ERROR);
        assertThat(line.status()).isEqualTo(200);
        assertThat(line.bytes()).isLessThan(1_000_000);
        assertThat(line.fields())
                .containsEntry("aborted", "true")
                .containsEntry("source", "backend")
                .containsEntry("failure", "truncated");
    }

    /** The control: the same client and the same path with a whole body. */
    @Test
    void wholeBodyOfTheSameSizeArrivesWhole() throws Exception {
        backend.answer(Answer.large(1_000_000));

        ProgramRun curl = curl(url);

        assertThat(curl.exitCode()).as("%s", curl).isZero();
        assertThat(curl.output()).isEqualTo("200 1000000");
    }

    private static ProgramRun curl(String... arguments) throws Exception {
        return ClientProgram.require("curl", "curl meets a broken body")
                .with(
                        "--silent",
                        "--max-time",
                        "10",
                        "--output",
                        "/dev/null",
                        "--write-out",
                        "%{http_code} %{size_download}")
                .run(LIMIT, List.of(arguments));
    }
}
