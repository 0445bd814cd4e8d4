package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.Greeting;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend that fails before anything was sent to the client: somebody else answers, or the client is told. */
class FailureBeforeCommitTest {
    private static final Duration FIRST_BYTE = Duration.ofMillis(250);

    private final FakeBackend backend = FakeBackend.clear();
    private final StubMirror mirror = StubMirror.page();

    @AfterEach
    void stop() {
        backend.close();
    }

    private ProxyDescription described() {
        return RunningProxy.with().endpoints(backend).firstByte(FIRST_BYTE);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void getIsAnsweredByTheMirror(Fault fault) throws Exception {
        fault.befall(backend);

        try (RunningProxy proxy = described().mirror(mirror).start()) {
            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.complete()).isTrue();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo(StubMirror.PAGE);
            assertThat(response.header("detour-source")).isEqualTo("mirror");
            assertThat(response.headerValues("via")).containsExactly("1.1 detour");
            assertThat(response.header("etag")).isEqualTo("\"mirror\"");
            assertThat(proxy.accessLine("/simple/x/"))
                    .contains("route=simple source=mirror reason=" + fault.label + " ");
            assertThat(proxy.attempts(fault.label)).isEqualTo(1);
        }
    }

    @Test
    void theMirrorIsAskedForTheFormInTheQueryWhoeverForgotToEncodeThePlus() throws Exception {
        backend.answer(Answer.status(500));

        try (RunningProxy proxy = described().mirror(mirror).start()) {
            proxy.get("/simple/x/?format=application/vnd.pypi.simple.v1+json");
            proxy.get("/simple/x/?format=application/vnd.pypi.simple.v1%2Bjson");

            assertThat(mirror.asked())
                    .extracting(request -> request.format())
                    .containsOnly("application/vnd.pypi.simple.v1+json");
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void headIsAnsweredByTheMirrorWithoutBody(Fault fault) throws Exception {
        fault.befall(backend);

        try (RunningProxy proxy = described().mirror(mirror).start();
                RawClient client = proxy.client()) {
            RawResponse head = client.request("HEAD", "/simple/x/").read("HEAD");
            RawResponse get = client.get("/simple/x/").read();

            assertThat(head.header("detour-source")).isEqualTo("mirror");
            assertThat(head.header("content-length")).isEqualTo(String.valueOf(StubMirror.PAGE.length()));
            assertThat(get.text()).isEqualTo(StubMirror.PAGE);
            assertThat(mirror.asked()).extracting(request -> request.head()).containsExactly(true, false);
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void getIsRefusedWhereNobodyElseHasAnAnswer(Fault fault) throws Exception {
        fault.befall(backend);

        try (RunningProxy proxy = described().start();
                RawClient client = proxy.client()) {
            RawResponse response = client.get("/simple/x/").read();

            assertThat(response.complete()).isTrue();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("detour-source")).isEqualTo("refusal");
            assertThat(response.header("retry-after")).matches("[1-5]");
            assertThat(response.header("cache-control")).isEqualTo("no-store");
            backend.listenAgain();
            backend.answer(Answer.ok("healed"));
            assertThat(client.get("/simple/x/").read().text()).isEqualTo("healed");
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void theOtherEndpointAnswersWhereThereIsOne(Fault fault) throws Exception {
        fault.befall(backend);

        try (FakeBackend healthy = FakeBackend.clear();
                RunningProxy proxy = described()
                        .thenEndpoint(healthy)
                        .attempts(2)
                        .mirror(mirror)
                        .start()) {
            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.text()).isEqualTo("ok\n");
            assertThat(response.header("detour-source")).isEqualTo("backend");
            assertThat(proxy.accessLine("/simple/x/")).contains("source=backend failure=" + fault.label + " ");
            assertThat(mirror.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/simple/x/?a=%zz", "/simple/x/?format=%", "/simple/x/?%"})
    void aQueryThatCannotBeDecodedIsDivertedLikeAnyOther(String target) throws Exception {
        backend.refuse();

        try (RunningProxy proxy = described().mirror(mirror).start()) {
            RawResponse response = proxy.get(target);

            assertThat(response.text()).isEqualTo(StubMirror.PAGE);
        }
    }

    @Test
    void aStatusBelowOneHundredIsNoAnswer() throws Exception {
        backend.answer(Answer.raw("HTTP/1.1 042 x\r\nContent-Length: 5\r\n\r\nhello"));

        try (RunningProxy proxy = described().mirror(mirror).start();
                RawClient client = proxy.client()) {
            assertThat(client.get("/simple/x/").read().text()).isEqualTo(StubMirror.PAGE);
            assertThat(client.get("/simple/x/").read().text()).isEqualTo(StubMirror.PAGE);
        }
    }

    @Test
    void aConnectionWhoseDiscardedBodyWasGarbageIsNotUsedAgain() throws Exception {
        backend.answer(Answer.raw("HTTP/1.1 503 x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));

        try (RunningProxy proxy = described().mirror(mirror).start()) {
            assertThat(proxy.get("/simple/x/").header("detour-source")).isEqualTo("mirror");
            backend.answer(Answer.ok("healed"));

            assertThat(proxy.get("/simple/x/").text()).isEqualTo("healed");
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @Test
    void aHangIsDivertedWithinTheFirstByteTimeoutAndFiftyMilliseconds() throws Exception {
        backend.answer(Answer.hang());

        try (RunningProxy proxy = described().mirror(mirror).start();
                RawClient client = proxy.client()) {
            // the first request pays for loading classes
            client.get("/simple/warm/").read();
            long start = System.nanoTime();
            RawResponse response = client.get("/simple/x/").read();
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(response.header("detour-source")).isEqualTo("mirror");
            assertThat(took).isBetween(FIRST_BYTE, FIRST_BYTE.plusMillis(50));
        }
    }

    @Test
    void aHandshakeThatHangsEndsWithItsOwnLimit() throws Exception {
        backend.answer(Answer.ok("never"));
        try (FakeBackend silent = FakeBackend.clear();
                RunningProxy proxy = RunningProxy.with()
                        .endpoint("https://127.0.0.1:" + silent.port())
                        .handshake(Duration.ofMillis(200))
                        .mirror(mirror)
                        .start()) {
            silent.greet(Greeting.HANG);

            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.header("detour-source")).isEqualTo("mirror");
            assertThat(proxy.accessLine("/simple/x/")).contains("reason=tls_");
        }
    }

    @Test
    void anEndpointThatDoesNotAcceptEndsWithTheConnectTimeout() throws Exception {
        try (FullBacklog full = new FullBacklog();
                RunningProxy proxy = RunningProxy.with()
                        .endpoint("http://127.0.0.1:" + full.port())
                        .connect(Duration.ofMillis(200))
                        .mirror(mirror)
                        .start()) {
            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.header("detour-source")).isEqualTo("mirror");
            assertThat(proxy.accessLine("/simple/x/")).contains("reason=connect_timeout");
        }
    }

    @Test
    void anUnknownHostNameIsAFailureLikeAnyOther() throws Exception {
        try (RunningProxy proxy = RunningProxy.with()
                .endpoint("http://no-such-host.invalid:80")
                .mirror(mirror)
                .start()) {
            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.header("detour-source")).isEqualTo("mirror");
            assertThat(proxy.accessLine("/simple/x/")).contains("reason=dns");
        }
    }

    @Test
    void aHeldBodyThatDripsIsTooSlow() throws Exception {
        backend.answer(Answer.drip(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 40\r\n\r\n" + "x".repeat(40),
                20,
                Duration.ofMillis(100)));

        try (RunningProxy proxy = described().mirror(mirror).start()) {
            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.header("detour-source")).isEqualTo("mirror");
            assertThat(proxy.accessLine("/simple/x/")).contains("reason=");
        }
    }

    @Test
    void aHeldBodyThatStopsIsTooSlow() throws Exception {
        backend.answer(
                Answer.hangAfter("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 40\r\n\r\nhalf"));

        try (RunningProxy proxy = described().mirror(mirror).start()) {
            assertThat(proxy.get("/simple/x/").text()).isEqualTo(StubMirror.PAGE);
            assertThat(proxy.accessLine("/simple/x/")).contains("reason=slow ");
        }
    }

    @Test
    void aHeldBodyThatIsCutIsReplaced() throws Exception {
        backend.answer(Answer.truncatedLength("half", 40));

        try (RunningProxy proxy = described().mirror(mirror).start()) {
            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.text()).isEqualTo(StubMirror.PAGE);
            assertThat(proxy.accessLine("/simple/x/")).contains("reason=truncated");
        }
    }

    @Test
    void aHeldBodyThatIsResetIsReplacedByTheOtherEndpoints() throws Exception {
        backend.answer(
                Answer.resetAfter("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 40\r\n\r\nhalf"));

        try (FakeBackend healthy = FakeBackend.clear();
                RunningProxy proxy =
                        described().thenEndpoint(healthy).attempts(2).start()) {
            assertThat(proxy.get("/simple/x/").text()).isEqualTo("ok\n");
        }
    }

    @Test
    void statusesThatSpeakOfTheRequestPassThrough() throws Exception {
        try (RunningProxy proxy = described().mirror(mirror).start()) {
            for (int status : new int[] {400, 401, 403, 404, 410, 429, 501, 505, 511}) {
                backend.answer(Answer.status(status));

                RawResponse response = proxy.get("/simple/x/");

                assertThat(response.status()).isEqualTo(status);
                assertThat(response.header("detour-source")).isEqualTo("backend");
            }
        }
        assertThat(mirror.asked()).isEmpty();
    }

    @Test
    void aBackendThatIsOnlyBusyKeepsItsConnection() throws Exception {
        backend.answer(Answer.status(503));

        try (RunningProxy proxy = described().mirror(mirror).start()) {
            proxy.get("/simple/x/");
            proxy.get("/simple/y/");

            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void aRestThatIsTooLongToThrowAwayCostsTheConnection() throws Exception {
        backend.answerNext(wire -> {
            wire.send("HTTP/1.1 503 Busy\r\nContent-Length: 10000000\r\n\r\n");
            wire.sendPattern(10_000_000);
        });

        try (RunningProxy proxy = described().mirror(mirror).start()) {
            assertThat(proxy.get("/simple/x/").text()).isEqualTo(StubMirror.PAGE);
            assertThat(proxy.get("/simple/y/").text()).isEqualTo("ok\n");

            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @Test
    void whatTheMirrorKnowsToBeAbsentIs404() throws Exception {
        backend.refuse();

        try (RunningProxy proxy = described().mirror(StubMirror.absent()).start()) {
            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.status()).isEqualTo(404);
            assertThat(response.header("detour-source")).isEqualTo("refusal");
        }
    }

    @Test
    void whatTheMirrorCannotTellIs503() throws Exception {
        backend.refuse();

        try (RunningProxy proxy = described().mirror(StubMirror.unavailable()).start()) {
            assertThat(proxy.get("/simple/x/").status()).isEqualTo(503);
        }
    }

    @Test
    void aMirrorThatThrowsCannotTell() throws Exception {
        backend.refuse();
        StubMirror buggy = StubMirror.of(request -> {
            throw new IllegalStateException("bug");
        });

        try (RunningProxy proxy = described().mirror(buggy).start()) {
            assertThat(proxy.get("/simple/x/").status()).isEqualTo(503);
        }
    }

    @Test
    void theMirrorIsAskedWhatTheClientAsked() throws Exception {
        backend.refuse();

        try (RunningProxy proxy = described().mirror(mirror).start()) {
            proxy.get(
                    "/simple/Py%54hon/?format=application%2Fvnd.pypi.simple.v1%2Bjson",
                    "Accept: text/html;q=0.1",
                    "Accept: */*",
                    "If-None-Match: \"e\"",
                    "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT",
                    "Range: bytes=0-1",
                    "If-Range: \"r\"");
        }

        assertThat(mirror.asked()).hasSize(1).first().satisfies(asked -> {
            assertThat(asked.resource()).hasToString("SimpleProject[name=PyThon]");
            assertThat(asked.format()).isEqualTo("application/vnd.pypi.simple.v1+json");
            assertThat(asked.accept()).isEqualTo("text/html;q=0.1,*/*");
            assertThat(asked.ifNoneMatch()).isEqualTo("\"e\"");
            assertThat(asked.ifModifiedSince()).isEqualTo("Sat, 01 Jan 2000 00:00:00 GMT");
            assertThat(asked.range()).isEqualTo("bytes=0-1");
            assertThat(asked.ifRange()).isEqualTo("\"r\"");
        });
    }

    @Test
    void attemptsAreLimitedAsConfigured() throws Exception {
        try (FakeBackend second = FakeBackend.clear();
                FakeBackend third = FakeBackend.clear();
                RunningProxy proxy = described()
                        .thenEndpoint(second)
                        .thenEndpoint(third)
                        .attempts(2)
                        .mirror(mirror)
                        .start()) {
            backend.answer(Answer.status(500));
            second.answer(Answer.status(500));

            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.header("detour-source")).isEqualTo("mirror");
            assertThat(backend.heads()).hasSize(1);
            assertThat(second.heads()).hasSize(1);
            assertThat(third.heads()).isEmpty();
        }
    }

    @Test
    void anEndpointIsNotAskedTwiceHoweverManyAttemptsThereAre() throws Exception {
        backend.answer(Answer.status(500));

        try (RunningProxy proxy = described().attempts(5).start()) {
            proxy.get("/simple/x/");

            assertThat(backend.heads()).hasSize(1);
        }
    }

    @Test
    void healthyEndpointsTakeTurns() throws Exception {
        try (FakeBackend second = FakeBackend.clear();
                RunningProxy proxy = described().endpoints(second).start()) {
            for (int i = 0; i < 10; i++) {
                proxy.get("/simple/x/");
            }

            assertThat(backend.heads()).hasSize(5);
            assertThat(second.heads()).hasSize(5);
        }
    }
}
