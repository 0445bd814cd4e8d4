package dev.detour.app.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoFault;
import dev.detour.app.demo.DemoIndex;
import dev.detour.app.refusal.Curl.Shown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What each kind of client is told, asked with curl, while the backend refuses connections. */
@Timeout(60)
class OutageAnswersTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PAGE = "/project/demoapp/";
    /** A name that the mirror lists and whose page it lost. */
    private static final String LOST = "demo-tool-kit";

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
    static void breakBackend() throws Exception {
        curl = Curl.require("what curl shows in an outage");
        index = DemoIndex.https(Front.PACKAGES, 0, Clock.systemUTC());
        front = Front.of(index.uri().toString(), directory);
        String page = "simple/" + LOST;
        for (String lost : List.of(
                page + "/index.html",
                page + "/index.v1_html",
                page + "/index.v1_json",
                "json/" + LOST,
                "pypi/" + LOST + "/json")) {
            Files.delete(front.tree().resolve(lost));
        }
        index.setFault(DemoFault.REFUSE);
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
    void browserGetsAPageToRead() throws Exception {
        Shown shown = curl.ask("-H", "Accept: text/html", front.clear() + PAGE);

        assertThat(shown.status()).isEqualTo(503);
        assertThat(shown.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(shown.header("Retry-After")).isEqualTo("120");
        assertThat(shown.body())
                .startsWith("<!DOCTYPE html>")
                .contains("This page is temporarily unavailable.")
                .contains("https://status.example.org/")
                .contains(shown.header("X-Request-Id"));
        assertRefused(shown);
    }

    @Test
    void pageLoadsNothingFromElsewhere() throws Exception {
        Shown shown = curl.ask("-H", "Accept: text/html", front.clear() + PAGE);

        assertThat(shown.body()).doesNotContainPattern("(?i)<(script|link|img|iframe)\\b|@import|url\\(");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/html;q=0.5, application/json", "application/problem+json"})
    void programGetsAProblemDocument(String accept) throws Exception {
        Shown shown = curl.ask("-H", "Accept: " + accept, front.clear() + PAGE);

        assertThat(shown.status()).isEqualTo(503);
        assertProblem(shown);
        assertRefused(shown);
    }

    @Test
    void headHasTheSameHeadAndNoBody() throws Exception {
        Shown get = curl.ask("-H", "Accept: text/html", front.clear() + PAGE);
        Shown head = curl.ask("-I", "-H", "Accept: text/html", front.clear() + PAGE);

        assertThat(head.status()).isEqualTo(503);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
        assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
        assertRefused(head);
    }

    @Test
    void nameThatIsProvablyAbsentIs404() throws Exception {
        Shown shown = curl.ask(front.clear() + "/simple/no-such-project-anywhere/");

        assertThat(shown.status()).isEqualTo(404);
        assertThat(shown.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(shown.body()).isEqualTo("404 Not Found");
        assertThat(shown.header("Retry-After")).isNull();
        assertRefused(shown);
    }

    @Test
    void pageOfAKnownNameThatTheMirrorLostIs503() throws Exception {
        Shown shown = curl.ask(
                "-H",
                "Accept: application/vnd.pypi.simple.v1+json, text/html;q=0.1",
                front.clear() + "/simple/" + LOST + "/");

        assertThat(shown.status()).isEqualTo(503);
        assertThat(shown.reason()).isEqualTo("Package page temporarily unavailable (index in failover)");
        assertThat(shown.header("Retry-After")).matches("[1-5]");
        assertThat(shown.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertProblem(shown);
        assertRefused(shown);
    }

    @Test
    void knownNamesPageComesFromTheMirrorWithItsLabels() throws Exception {
        Shown shown = curl.ask(front.clear() + "/simple/demoapp/");

        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.header("Detour-Source")).isEqualTo("mirror");
        assertThat(shown.header("X-Request-Id")).isNotBlank();
        assertThat(shown.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(shown.header("X-PyPI-Last-Serial")).matches("\\d+");
    }

    @Test
    void jsonOfAKnownNameThatTheMirrorLostIs503() throws Exception {
        Shown shown = curl.ask(front.clear() + "/pypi/" + LOST + "/json");

        assertThat(shown.status()).isEqualTo(503);
        assertThat(shown.reason()).isEqualTo("Package data temporarily unavailable (index in failover)");
        assertThat(shown.header("Retry-After")).matches("[1-5]");
        assertProblem(shown);
        assertRefused(shown);
    }

    @Test
    void missingFileIs503() throws Exception {
        String path = "/packages/aa/bb/" + "c".repeat(60) + "/demoapp-9.9.9-py3-none-any.whl";

        Shown shown = curl.ask(front.clear() + path);

        assertThat(shown.status()).isEqualTo(503);
        assertThat(shown.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(shown.header("Retry-After")).matches("[1-5]");
        assertRefused(shown);
    }

    @ParameterizedTest
    @CsvSource({"GET, /_/oidc/audience", "POST, /_/oidc/mint-token", "POST, /_/oidc/github/mint-token"})
    void trustedPublishingGetsTheDocumentItsActionReads(String method, String path) throws Exception {
        Shown shown = curl.ask("-X", method, front.clear() + path);

        assertThat(shown.status()).isEqualTo(503);
        assertThat(shown.header("Content-Type")).isEqualTo("application/json");
        assertThat(shown.header("Retry-After")).isEqualTo("30");
        JsonNode document = JSON.readTree(shown.body());
        assertThat(document.path("message").asString()).contains("Trusted publishing is temporarily unavailable.");
        assertThat(document.path("errors").path(0).path("code").asString()).isEqualTo("service-unavailable");
        assertThat(document.path("errors").path(0).path("description").asString())
                .isNotEmpty();
        assertRefused(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/_/ses-hook/",
                "/_/secrets/disclose-token",
                "/_/github/disclose-token",
                "/_/vulnerabilities/osv/report",
                "/billing/webhook/"
            })
    void hookIsToldToComeAgain(String path) throws Exception {
        Shown shown = curl.ask("-d", "{}", "-H", "Content-Type: application/json", front.clear() + path);

        assertThat(shown.status()).isEqualTo(503);
        assertThat(shown.header("Retry-After")).isEqualTo("60");
        assertRefused(shown);
    }

    @Test
    void uploaderThatReadsJsonGetsWarehousesDocument() throws Exception {
        Shown shown = curl.ask(
                "-F",
                ":action=file_upload",
                "-H",
                "Accept: application/json;q=0.9, text/plain;q=0.8, text/html;q=0.7",
                front.clear() + "/legacy/");

        assertThat(shown.status()).isEqualTo(403);
        assertThat(shown.header("Content-Type")).isEqualTo("application/json");
        JsonNode document = JSON.readTree(shown.body());
        assertThat(document.path("code").asString())
                .startsWith("403 Index is in failover: uploads are temporarily disabled");
        assertThat(document.path("title").asString()).isEqualTo("Forbidden");
        assertThat(shown.header("Retry-After")).isNull();
        assertRefused(shown);
    }

    @Test
    void uploaderThatReadsAnythingGetsPlainText() throws Exception {
        Shown shown = curl.ask("-F", ":action=file_upload", front.clear() + "/legacy/");

        assertThat(shown.status()).isEqualTo(403);
        assertThat(shown.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(shown.body()).startsWith(shown.reason());
        assertRefused(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "POST,   /simple/demoapp/,     'GET, HEAD'",
        "DELETE, /pypi/demoapp/json,   'GET, HEAD'",
        "GET,    /RPC2,                POST"
    })
    void methodThatNeverWorksIs405(String method, String path, String allowed) throws Exception {
        Shown shown = curl.ask("-X", method, front.clear() + path);

        assertThat(shown.status()).isEqualTo(405);
        assertThat(shown.header("Allow")).isEqualTo(allowed);
        assertRefused(shown);
    }

    private static void assertProblem(Shown shown) {
        // exactly this type, without a charset: uv looks for nothing else
        assertThat(shown.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(shown.header("Retry-After")).matches("[1-9]\\d*");
        JsonNode problem = JSON.readTree(shown.body());
        assertThat(problem.path("status").asInt()).isEqualTo(503);
        assertThat(problem.path("title").asString()).isEqualTo("Service Unavailable");
        assertThat(problem.path("detail").asString()).contains("temporarily unavailable");
    }

    /** What every refusal has, whatever the client. */
    private static void assertRefused(Shown shown) {
        Map<String, String> headers = shown.headers();
        assertThat(headers)
                .containsEntry("detour-source", "refusal")
                .containsEntry("cache-control", "no-store")
                .containsEntry("x-content-type-options", "nosniff")
                .containsKeys("x-request-id", "via", "date")
                .doesNotContainKey("detour-mode");
    }
}
