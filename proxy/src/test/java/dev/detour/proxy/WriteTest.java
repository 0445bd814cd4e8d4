package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.mode.Mode;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that change something: sent at most once, and nobody is told that nothing happened unless it is so. */
class WriteTest {
    private static final String CLAIM = "nothing was stored";

    private final FakeBackend backend = FakeBackend.clear();
    private final FakeBackend healthy = FakeBackend.clear();
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .thenEndpoint(healthy)
                .attempts(2)
                .mirror(StubMirror.page())
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
        healthy.close();
    }

    private RawResponse upload(String body) throws IOException {
        try (RawClient client = proxy.client()) {
            client.send("POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + body);
            return client.read();
        }
    }

    @Test
    void brokenStatusOfTheBackendIsPassedOnWithItsOwnWords() throws IOException {
        backend.answer(Answer.status(503, "text/plain", "database on fire"));

        RawResponse response = upload("wheel");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.text()).isEqualTo("database on fire");
        assertThat(response.header("detour-source")).isEqualTo("backend");
        assertThat(backend.requests("POST")).hasSize(1);
        assertThat(healthy.heads()).isEmpty();
        assertThat(proxy.attempts("status_503")).isEqualTo(1);
    }

    @Test
    void anEndpointThatRefusesIsReplacedBecauseNothingWasSent() throws IOException {
        backend.refuse();

        RawResponse response = upload("wheel");

        assertThat(response.status()).isEqualTo(200);
        assertThat(healthy.requests("POST")).hasSize(1).first().satisfies(request -> {
            assertThat(request.bodyText()).isEqualTo("wheel");
            assertThat(request.complete()).isTrue();
        });
    }

    @Test
    void whereAllRefuseTheUploaderLearnsThatNothingWasStored() throws IOException {
        backend.refuse();
        healthy.refuse();

        RawResponse response = upload("wheel");

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.header("detour-source")).isEqualTo("refusal");
        assertThat(response.text()).contains(CLAIM);
        assertThat(response.reason()).contains(CLAIM);
    }

    @Test
    void aConnectionLostAfterTheBodyIsNotCalledNothing() throws IOException {
        backend.answer(Answer.resetBeforeHead());

        RawResponse response = upload("wheel");

        assertThat(response.header("detour-source")).isEqualTo("refusal");
        assertThat(response.text()).contains("may or may not have been stored").doesNotContain(CLAIM);
        assertThat(backend.requests("POST")).hasSize(1);
        assertThat(healthy.heads()).isEmpty();
    }

    @Test
    void aConnectionLostAfterAnEmptyBodyIsNotCalledNothing() throws IOException {
        backend.answer(Answer.closeBeforeHead());

        RawResponse response = upload("");

        assertThat(response.text()).contains("may or may not have been stored").doesNotContain(CLAIM);
        assertThat(backend.requests("POST")).hasSize(1);
        assertThat(healthy.heads()).isEmpty();
    }

    @Test
    void aConnectionLostAfterAnEmptyChunkedBodyIsNotCalledNothing() throws IOException {
        backend.answer(Answer.closeBeforeHead());

        try (RawClient client = proxy.client()) {
            client.send("POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
            RawResponse response = client.read();

            assertThat(response.text())
                    .contains("may or may not have been stored")
                    .doesNotContain(CLAIM);
        }
        assertThat(healthy.heads()).isEmpty();
    }

    @Test
    void aDeleteIsNotRepeatedOverAFreshConnection() throws IOException {
        backend.answer(Answer.closeBeforeHead());

        RawResponse response = proxy.request("DELETE", "/project/x");

        assertThat(response.status()).isEqualTo(503);
        assertThat(backend.heads()).hasSize(1);
        assertThat(healthy.heads()).isEmpty();
    }

    @Test
    void writesAreNeverAnsweredByTheMirror() throws IOException {
        backend.refuse();
        healthy.refuse();

        RawResponse response = proxy.request("POST", "/simple/x/", "Content-Length: 0");

        assertThat(response.header("detour-source")).isEqualTo("refusal");
    }

    @Test
    void anAnswerBeforeTheWholeBodyWasSentArrives() throws IOException {
        backend.answer(Answer.early(Answer.status(413, "text/plain", "too large")));

        try (RawClient client = proxy.client()) {
            client.send("POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf");
            RawResponse response = client.read();

            assertThat(response.status()).isEqualTo(413);
            assertThat(response.text()).isEqualTo("too large");
            assertThat(response.header("connection")).isEqualToIgnoringCase("close");
        }
        assertThat(healthy.heads()).isEmpty();
    }

    @Test
    void readOnlyModeRefusesBeforeTheBackendHearsOfIt() throws IOException {
        proxy.mode(Mode.READ_ONLY);

        RawResponse response = upload("wheel");

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.reason()).startsWith("Read-only mode");
        assertThat(backend.connections()).isZero();
    }

    @Test
    void aClientThatLeavesInsideItsBodyDoesNotLookLikeAWholeRequest() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send("POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf");
            backend.awaitHeads(1, Await.PATIENCE);
        }

        backend.awaitRequests(1, Await.PATIENCE);
        assertThat(backend.requests().get(0).complete()).isFalse();
        assertThat(proxy.accessLine("POST")).contains("aborted=true");
    }
}
