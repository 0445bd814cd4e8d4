package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.mode.Mode;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator's wish, as clients see it. */
class ModeTest {
    private final FakeBackend backend = FakeBackend.clear();
    private final FakeBackend docs = FakeBackend.clear();
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .backend("docs", docs)
                .mirror(StubMirror.page())
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
        docs.close();
    }

    private RawResponse upload() throws IOException {
        return proxy.request("POST", "/legacy/", "Content-Length: 0");
    }

    @Test
    void normalModeIsNotMentioned() throws IOException {
        proxy.mode(Mode.NORMAL);

        assertThat(proxy.get("/simple/x/").header("detour-mode")).isNull();
        assertThat(upload().status()).isEqualTo(200);
    }

    @Test
    void readOnlyLetsReadsThroughAndRefusesWrites() throws IOException {
        proxy.mode(Mode.READ_ONLY);

        RawResponse read = proxy.get("/simple/x/");
        RawResponse write = upload();

        assertThat(read.header("detour-source")).isEqualTo("backend");
        assertThat(read.header("detour-mode")).isEqualTo("read-only");
        assertThat(write.status()).isEqualTo(403);
        assertThat(write.header("detour-mode")).isEqualTo("read-only");
        assertThat(backend.requests("POST")).isEmpty();
        assertThat(proxy.accessLine("POST")).contains("source=refusal reason=read-only");
    }

    @Test
    void divertAnswersReadsFromTheMirrorAndLeavesTheBackendAlone() throws IOException {
        proxy.mode(Mode.DIVERT);

        RawResponse read = proxy.get("/simple/x/");
        RawResponse write = upload();

        assertThat(read.text()).isEqualTo(StubMirror.PAGE);
        assertThat(read.header("detour-mode")).isEqualTo("divert");
        assertThat(write.text()).contains("nothing was stored");
        assertThat(backend.connections()).isZero();
        assertThat(proxy.accessLine("GET")).contains("source=mirror reason=mode");
    }

    @Test
    void divertRefusesReadsThatNoMirrorHas() throws IOException {
        proxy.mode(Mode.DIVERT);

        assertThat(proxy.get("/project/x/").status()).isEqualTo(503);
        assertThat(backend.connections()).isZero();
    }

    @Test
    void offlineRefusesEverything() throws IOException {
        proxy.mode(Mode.OFFLINE);

        assertThat(proxy.get("/simple/x/").status()).isEqualTo(503);
        assertThat(upload().status()).isEqualTo(403);
        assertThat(proxy.request("HEAD", "/simple/x/").bodyLength()).isZero();
        assertThat(backend.connections()).isZero();
    }

    @Test
    void refusedReadsKeepTheConnection() throws IOException {
        proxy.mode(Mode.OFFLINE);

        try (RawClient client = proxy.client()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/simple/x/").read().status()).isEqualTo(503);
            }
            client.send("GET /simple/1/ HTTP/1.1\r\nHost: a\r\n\r\nGET /simple/2/ HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(503);
            assertThat(client.read().status()).isEqualTo(503);
        }
    }

    @Test
    void aModeOfOneBackendLeavesOthersAlone() throws IOException {
        proxy.mode(Mode.OFFLINE, "docs", null, null);

        assertThat(proxy.get("/docs/x").status()).isEqualTo(503);
        assertThat(proxy.get("/simple/x/").status()).isEqualTo(200);
    }

    @Test
    void aModeOfOneRouteLeavesOthersAlone() throws IOException {
        proxy.mode(Mode.DIVERT, null, "simple", null);

        assertThat(proxy.get("/simple/x/").header("detour-source")).isEqualTo("mirror");
        assertThat(proxy.get("/packages/x").header("detour-source")).isEqualTo("backend");
        assertThat(proxy.get("/packages/x").header("detour-mode")).isNull();
    }

    @Test
    void theOperatorsWordsReachTheUploader() throws IOException {
        proxy.mode(Mode.READ_ONLY, null, null, "Moving house until noon.");

        RawResponse response = upload();

        assertThat(response.text()).contains("Moving house until noon.");
        assertThat(response.reason()).contains("Moving house until noon.");
    }

    @Test
    void theBackendCannotPretendToAMode() throws IOException {
        backend.answer(
                Answer.status(200, "text/html", new byte[] {'x'}, "Detour-Mode: offline", "Detour-Source: mirror"));

        RawResponse response = proxy.get("/simple/x/");

        assertThat(response.headerValues("detour-mode")).isEmpty();
        assertThat(response.headerValues("detour-source")).containsExactly("backend");
    }

    @Test
    void aRunningRequestKeepsTheModeItBeganWith() throws IOException {
        backend.answer(
                Answer.hangAfter("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\nx"));
        try (RawClient client = proxy.client()) {
            client.get("/simple/x/");
            backend.awaitHeads(1, Await.PATIENCE);
            proxy.mode(Mode.OFFLINE);
            client.limit(Duration.ofMillis(200));

            assertThat(client.read().status()).isEqualTo(200);
        }
    }
}
