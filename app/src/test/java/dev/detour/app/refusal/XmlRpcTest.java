package dev.detour.app.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoFault;
import dev.detour.app.demo.DemoIndex;
import dev.detour.app.demo.DemoRequest;
import dev.detour.app.support.ClientProgram;
import dev.detour.app.support.ProgramRun;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Python's own XML-RPC client makes of the answers: a fault it can show, since it hides the text of an error status. */
@Timeout(60)
class XmlRpcTest {
    private static final String CALL = """
            import sys, xmlrpc.client
            try:
                print("serial", xmlrpc.client.ServerProxy(sys.argv[1]).changelog_last_serial())
            except xmlrpc.client.Fault as fault:
                print(fault)
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private ClientProgram python;

    @BeforeEach
    void findPython() {
        python = ClientProgram.require("python3", "what xmlrpc.client shows in an outage");
    }

    @Test
    void healthyIndexAnswers() throws Exception {
        try (DemoIndex index = index();
                Front front = front(index)) {

            ProgramRun run = call(front, "/pypi");

            assertThat(run.output()).as(run.toString()).matches("serial \\d+\n");
            assertThat(index.requests()).extracting(DemoRequest::path).containsExactly("/pypi");
        }
    }

    @Test
    void readOnlyModeLeavesXmlRpcAlone() throws Exception {
        try (DemoIndex index = index();
                Front front = front(index)) {
            front.mode("read-only");

            ProgramRun run = call(front, "/pypi");

            assertThat(run.output()).as(run.toString()).startsWith("serial ");
        }
    }

    @Test
    void outageIsAFaultWithOurText() throws Exception {
        try (DemoIndex index = index();
                Front front = front(index)) {
            index.setFault(DemoFault.REFUSE);

            ProgramRun run = call(front, "/pypi");

            assertThat(run.output())
                    .as(run.toString())
                    .isEqualTo("<Fault -32403: 'server error; service unavailable: The XML-RPC API is temporarily"
                            + " unavailable. Try again later. See https://status.example.org/'>\n");
        }
    }

    @Test
    void faultHasTheOperatorsWordsForEveryAddressOfTheApi() throws Exception {
        try (DemoIndex index = index();
                Front front = front(index)) {
            front.mode("offline", "Back <soon> & sound");

            for (String path : List.of("/pypi", "/pypi/", "/RPC2")) {
                ProgramRun run = call(front, path);

                assertThat(run.output())
                        .as(run.toString())
                        .startsWith("<Fault -32403: 'server error; service unavailable: Back <soon> & sound");
            }
            assertThat(index.requests()).isEmpty();
        }
    }

    private ProgramRun call(Front front, String path) throws Exception {
        return python.run(directory, Duration.ofSeconds(20), List.of("-c", CALL, front.clear() + path));
    }

    private static DemoIndex index() {
        return DemoIndex.https(Front.PACKAGES, 0, Clock.systemUTC());
    }

    private Front front(DemoIndex index) throws Exception {
        return Front.of(index.uri().toString(), directory);
    }
}
