package dev.detour.app.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoIndex;
import dev.detour.app.refusal.Curl.Shown;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients are told while the backend is healthy and the operator wishes otherwise. */
@Timeout(60)
class ModeAnswersTest {
    private static final String PAGE = "/project/demoapp/";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static Curl curl;

    @SuppressWarnings("NullAway.Init")
    private static DemoIndex index;

    @SuppressWarnings("NullAway.Init")
    private static Front front;

    @BeforeAll
    static void start() throws Exception {
        curl = Curl.require("what curl shows in each mode");
        index = DemoIndex.https(Front.PACKAGES, 0, Clock.systemUTC());
        front = Front.of(index.uri().toString(), directory);
    }

    @AfterAll
    static void stop() {
        if (front != null) {
            front.close();
        }
        if (index != null) {
            index.close();
        }
    }

    @Test
    void normalModeIsNotMentioned() throws Exception {
        front.mode("normal");

        Shown shown = curl.ask(front.clear() + "/simple/demoapp/");

        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.headers())
                .containsEntry("detour-source", "backend")
                .containsKey("x-request-id")
                .doesNotContainKey("detour-mode");
    }

    @Test
    void requestThatIsNoHttpIsLabelledToo() throws Exception {
        try (RawClient client = RawClient.clear(front.clearPort())) {
            RawResponse response = client.send("GET /simple/../x/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .read();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.header("Detour-Source")).isEqualTo("refusal");
            assertThat(response.header("X-Request-Id")).isNotBlank();
        }
    }

    @Test
    void readOnlyModePutsItsSentenceIntoTheReasonPhrase() throws Exception {
        front.mode("read-only");

        Shown shown = curl.ask("-F", ":action=file_upload", front.clear() + "/legacy/");

        assertThat(shown.status()).isEqualTo(403);
        assertThat(shown.reason())
                .isEqualTo("Read-only mode: Uploads are temporarily disabled. See https://status.example.org/");
        assertThat(shown.headers()).containsEntry("detour-mode", "read-only").containsEntry("detour-source", "refusal");
    }

    @Test
    void readOnlyModeLetsReadersThrough() throws Exception {
        front.mode("read-only");

        Shown shown = curl.ask(front.clear() + "/simple/demoapp/");

        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.headers()).containsEntry("detour-source", "backend").containsEntry("detour-mode", "read-only");
    }

    @Test
    void formOfAWebPageIsRefusedInReadOnlyMode() throws Exception {
        front.mode("read-only");

        Shown shown = curl.ask("-H", "Accept: text/html", "-d", "a=b", front.clear() + "/account/login/");

        assertThat(shown.status()).isEqualTo(503);
        assertThat(shown.header("Retry-After")).isEqualTo("300");
        assertThat(shown.body()).contains("Read-only mode", "nothing was changed");
    }

    @Test
    void divertedReaderGetsTheMirror() throws Exception {
        front.mode("divert");
        long before = index.requestCount();

        Shown shown = curl.ask(front.clear() + "/simple/demoapp/");

        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.headers()).containsEntry("detour-source", "mirror").containsEntry("detour-mode", "divert");
        assertThat(index.requestCount()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/simple/demoapp/", "/pypi/demoapp/json", PAGE})
    void offlineModeRefusesEverything(String path) throws Exception {
        front.mode("offline");

        Shown shown = curl.ask(front.clear() + path);

        assertThat(shown.status()).isEqualTo(503);
        assertThat(shown.headers()).containsEntry("detour-source", "refusal").containsEntry("detour-mode", "offline");
        assertThat(shown.header("Retry-After")).matches("[1-9]\\d*");
    }

    @Test
    void operatorsWordsAreEscapedInAPage() throws Exception {
        front.mode("offline", "Caf\u00e9 <closed> & dark");

        Shown shown = curl.ask("-H", "Accept: text/html", front.clear() + PAGE);

        assertThat(shown.body()).contains("Caf\u00e9 &lt;closed&gt; &amp; dark").doesNotContain("<closed>");
    }

    @Test
    void uploaderThatAsksBeforeItSendsIsAnsweredAtOnce() throws Exception {
        front.mode("read-only");
        try (RawClient client = RawClient.clear(front.clearPort())) {

            RawResponse response = client.request(
                            "POST",
                            "/legacy/",
                            "Content-Type: multipart/form-data; boundary=x",
                            "Content-Length: 60000000",
                            "Expect: 100-continue")
                    .read();

            assertThat(response.status()).as(response.toString()).isEqualTo(403);
            assertThat(response.interim()).isEmpty();
        }
    }
}
