package dev.detour.proxy.refuse;

import static dev.detour.config.ApiClass.FILE;
import static dev.detour.config.ApiClass.JSON;
import static dev.detour.config.ApiClass.OIDC;
import static dev.detour.config.ApiClass.OTHER;
import static dev.detour.config.ApiClass.SIMPLE;
import static dev.detour.config.ApiClass.UPLOAD;
import static dev.detour.config.ApiClass.WEB;
import static dev.detour.config.ApiClass.XMLRPC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.config.ApiClass;
import dev.detour.config.RefusalConfig;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every row of what clients are told, for the {@code Accept} headers that real clients send. */
class RefusalsTest {
    private static final String PIP =
            "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01";
    private static final String UV =
            "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";
    private static final String POETRY = "application/vnd.pypi.simple.v1+json";
    private static final String POETRY_LEGACY = "application/vnd.pypi.simple.v1+json, */*;q=0.1";
    private static final String UV_PUBLISH = "application/json;q=0.9, text/plain;q=0.8, text/html;q=0.7";
    private static final String FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private static final String CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
            + "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";

    private static final String STATUS = "https://status.example.org/";
    private static final Refusals REFUSALS = new Refusals(new RefusalConfig(STATUS, 403));
    private static final Situation DIVERTED = new Situation(null, 3, true, false);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Nested
    class Uploads {
        @Test
        void readOnlyModeIsSaidInWarehousesWords() {
            Refusal refusal = refuse(RefusalCause.READ_ONLY, UPLOAD, "POST", "*/*");

            assertThat(refusal.status()).isEqualTo(403);
            assertThat(refusal.reasonPhrase())
                    .isEqualTo("Read-only mode: Uploads are temporarily disabled. See https://status.example.org/");
        }

        @Test
        void withoutAStatusPageNoneIsNamed() {
            Refusals refusals = new Refusals(new RefusalConfig(null, 403));

            Refusal refusal =
                    refusals.refuse(RefusalCause.READ_ONLY, new RefusedRequest(UPLOAD, "POST", "*/*", null), DIVERTED);

            assertThat(refusal.reasonPhrase()).isEqualTo("Read-only mode: Uploads are temporarily disabled.");
        }

        @ParameterizedTest
        @EnumSource(
                value = RefusalCause.class,
                names = {"OUTAGE", "DIVERTED_WRITE"})
        void outageIsForbiddenSoThatTwineTriesOnce(RefusalCause cause) {
            Refusal refusal = refuse(cause, UPLOAD, "POST", "*/*");

            assertThat(refusal.status()).isEqualTo(403);
            assertThat(refusal.reasonPhrase())
                    .isEqualTo("Index is in failover: uploads are temporarily disabled; nothing was stored. "
                            + "Try again later. See https://status.example.org/");
            assertThat(refusal.headers()).doesNotContainKey("Retry-After");
        }

        @Test
        void outageIsUnavailableIfConfiguredSo() {
            Refusals refusals = new Refusals(new RefusalConfig(STATUS, 503));
            RefusedRequest request = new RefusedRequest(UPLOAD, "POST", UV_PUBLISH, null);

            Refusal outage = refusals.refuse(RefusalCause.OUTAGE, request, DIVERTED);
            Refusal readOnly = refusals.refuse(RefusalCause.READ_ONLY, request, DIVERTED);

            assertThat(outage.status()).isEqualTo(503);
            assertThat(outage.headers()).containsEntry("Retry-After", "60");
            assertThat(json(outage).at("/code").stringValue()).startsWith("503 Index is in failover");
            assertThat(readOnly.status()).isEqualTo(403);
        }

        @Test
        void nothingIsPromisedOfAnUploadThatWasSent() {
            Refusal refusal = refuse(RefusalCause.OUTCOME_UNKNOWN, UPLOAD, "POST", "*/*");

            assertThat(refusal.reasonPhrase()).contains("may or may not have been stored");
            assertThat(refusal.reasonPhrase()).doesNotContain("nothing was stored");
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"*/*", "text/plain", "text/*", "image/png", ""})
        void uploaderThatAsksForNothingReadsPlainText(@Nullable String accept) {
            Refusal refusal = refuse(RefusalCause.READ_ONLY, UPLOAD, "POST", accept);

            assertThat(refusal.headers()).containsEntry("Content-Type", "text/plain; charset=utf-8");
            assertThat(refusal.body())
                    .isEqualTo("Read-only mode: Uploads are temporarily disabled. See https://status.example.org/\n");
        }

        @ParameterizedTest
        @ValueSource(strings = {UV_PUBLISH, "application/json", "application/json, text/plain, */*"})
        void uvPublishReadsTheCodeOfAJsonDocument(String accept) {
            Refusal refusal = refuse(RefusalCause.READ_ONLY, UPLOAD, "POST", accept);

            String text = "Read-only mode: Uploads are temporarily disabled. See https://status.example.org/";
            assertThat(refusal.headers()).containsEntry("Content-Type", "application/json");
            assertThat(json(refusal).propertyNames()).containsExactly("message", "code", "title");
            assertThat(json(refusal).at("/message").stringValue()).isEqualTo(text);
            assertThat(json(refusal).at("/code").stringValue()).isEqualTo("403 " + text);
            assertThat(json(refusal).at("/title").stringValue()).isEqualTo("Forbidden");
        }

        @ParameterizedTest
        @ValueSource(strings = {FIREFOX, CHROME})
        void browserReadsAPage(String accept) {
            Refusal refusal = refuse(RefusalCause.READ_ONLY, UPLOAD, "POST", accept);

            assertThat(refusal.headers()).containsEntry("Content-Type", "text/html; charset=utf-8");
            assertThat(refusal.body()).contains("Uploads are temporarily disabled.");
        }

        @Test
        void uploadIsNotMeantForOtherOrigins() {
            assertThat(refuse(RefusalCause.READ_ONLY, UPLOAD, "POST", "*/*").headers())
                    .doesNotContainKey("Access-Control-Allow-Origin");
        }
    }

    @Nested
    class TrustedPublishing {
        @ParameterizedTest
        @ValueSource(strings = {"*/*", FIREFOX, "text/plain"})
        void answerIsAlwaysTheDocumentThatPublishersParse(String accept) {
            Refusal refusal = refuse(RefusalCause.OUTAGE, OIDC, "POST", accept);

            String text = "Trusted publishing is temporarily unavailable. Try again later. See " + STATUS;
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.reasonPhrase()).isEqualTo("Service Unavailable");
            assertThat(refusal.headers())
                    .containsEntry("Content-Type", "application/json")
                    .containsEntry("Retry-After", "30");
            assertThat(json(refusal).at("/message").stringValue()).isEqualTo(text);
            assertThat(json(refusal).at("/errors/0/code").stringValue()).isEqualTo("service-unavailable");
            assertThat(json(refusal).at("/errors/0/description").stringValue()).isEqualTo(text);
        }
    }

    @Nested
    class XmlRpc {
        @ParameterizedTest
        @EnumSource(
                value = RefusalCause.class,
                names = {"OUTAGE", "OFFLINE", "DIVERTED_READ"})
        void outageIsAFaultThatXmlRpcClientsShow(RefusalCause cause) throws Exception {
            Refusal refusal = refuse(cause, XMLRPC, "POST", null);

            Document document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(refusal.body())));
            assertThat(refusal.status()).isEqualTo(200);
            assertThat(refusal.headers())
                    .containsEntry("Content-Type", "text/xml")
                    .doesNotContainKey("Retry-After");
            assertThat(document.getDocumentElement().getTagName()).isEqualTo("methodResponse");
            assertThat(document.getElementsByTagName("int").item(0).getTextContent())
                    .isEqualTo("-32403");
            assertThat(document.getElementsByTagName("string").item(0).getTextContent())
                    .isEqualTo("server error; service unavailable: The XML-RPC API is temporarily unavailable. "
                            + "Try again later. See https://status.example.org/");
        }

        @ParameterizedTest
        @ValueSource(strings = {"GET", "HEAD", "PUT"})
        void onlyPostIsXmlRpc(String method) {
            Refusal refusal = refuse(RefusalCause.OUTAGE, XMLRPC, method, FIREFOX);

            assertThat(refusal.status()).isEqualTo(405);
            assertThat(refusal.cause()).isEqualTo(RefusalCause.METHOD_NOT_ALLOWED);
            assertThat(refusal.headers()).containsEntry("Allow", "POST");
        }
    }

    @Nested
    class Installers {
        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {PIP, UV, POETRY, POETRY_LEGACY, "*/*", "application/json"})
        void unknownPageIsAProblemAndNever404(@Nullable String accept) {
            Refusal refusal = refuse(RefusalCause.UNKNOWN_NAME, SIMPLE, "GET", accept);

            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.reasonPhrase()).isEqualTo("Package page temporarily unavailable (index in failover)");
            assertThat(refusal.headers())
                    .containsEntry("Content-Type", "application/problem+json")
                    .containsEntry("Retry-After", "3");
            JsonNode problem = json(refusal);
            assertThat(problem.at("/type").stringValue()).isEqualTo("about:blank");
            assertThat(problem.at("/title").stringValue()).isEqualTo("Service Unavailable");
            assertThat(problem.at("/status").intValue()).isEqualTo(503);
            assertThat(problem.at("/detail").stringValue())
                    .isEqualTo("Package page temporarily unavailable (index in failover). The index does not answer, "
                            + "and its mirror cannot tell whether this exists. See https://status.example.org/");
            assertThat(problem.at("/reason").stringValue()).isEqualTo("unknown-name");
            assertThat(problem.at("/request-id").stringValue()).isEqualTo("req-1");
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"*/*", "application/json", PIP})
        void unknownJsonIsAProblemAndNever404(@Nullable String accept) {
            Refusal refusal = refuse(RefusalCause.UNKNOWN_NAME, JSON, "HEAD", accept);

            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.headers()).containsEntry("Content-Type", "application/problem+json");
        }

        @ParameterizedTest
        @ValueSource(strings = {"text/html", FIREFOX, CHROME})
        void personWithABrowserReadsAPage(String accept) {
            Refusal refusal = refuse(RefusalCause.UNKNOWN_NAME, SIMPLE, "GET", accept);

            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.headers()).containsEntry("Content-Type", "text/html; charset=utf-8");
            assertThat(refusal.body()).contains("<h1>Temporarily unavailable</h1>", "cannot tell whether this exists");
        }

        @Test
        void personWhoWantsPlainTextGetsIt() {
            Refusal refusal = refuse(RefusalCause.OUTAGE, SIMPLE, "GET", "text/plain");

            assertThat(refusal.body())
                    .isEqualTo("Package page temporarily unavailable (index in failover) See " + STATUS + "\n");
        }

        @ParameterizedTest
        @CsvSource({"-7, 1", "0, 1", "1, 1", "4, 4", "60, 5"})
        void waitIsShortBecausePipWaitsFiveTimes(int asked, String told) {
            RefusedRequest request = new RefusedRequest(FILE, "GET", null, null);

            Refusal refusal = REFUSALS.refuse(RefusalCause.OUTAGE, request, new Situation(null, asked, true, false));

            assertThat(refusal.headers()).containsEntry("Retry-After", told);
        }

        @Test
        void absentSimplePageIsWarehouses404() {
            Refusal refusal = refuse(RefusalCause.ABSENT, SIMPLE, "GET", FIREFOX);

            assertThat(refusal.status()).isEqualTo(404);
            assertThat(refusal.reasonPhrase()).isEqualTo("Not Found");
            assertThat(refusal.headers())
                    .containsEntry("Content-Type", "text/plain; charset=utf-8")
                    .doesNotContainKey("Retry-After");
            assertThat(refusal.body()).isEqualTo("404 Not Found");
        }

        @Test
        void absentJsonIsWarehouses404() {
            Refusal refusal = refuse(RefusalCause.ABSENT, JSON, "GET", "*/*");

            assertThat(refusal.status()).isEqualTo(404);
            assertThat(refusal.headers()).containsEntry("Content-Type", "application/json");
            assertThat(refusal.body()).isEqualTo("{\"message\": \"Not Found\"}");
        }

        @ParameterizedTest
        @CsvSource({"SIMPLE, READ_ONLY", "SIMPLE, OUTAGE", "JSON, OUTAGE", "FILE, DIVERTED_WRITE"})
        void writeThatCouldNeverWorkIsNotAllowedWhateverTheState(ApiClass api, RefusalCause cause) {
            Refusal refusal = refuse(cause, api, "POST", "*/*");

            assertThat(refusal.status()).isEqualTo(405);
            assertThat(refusal.cause()).isEqualTo(RefusalCause.METHOD_NOT_ALLOWED);
            assertThat(refusal.headers()).containsEntry("Allow", "GET, HEAD");
        }

        @Test
        void fileIsUnavailableInPlainText() {
            Refusal refusal = refuse(RefusalCause.OUTAGE, FILE, "GET", "*/*");

            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.reasonPhrase()).isEqualTo("File temporarily unavailable (index in failover)");
            assertThat(refusal.headers()).containsEntry("Content-Type", "text/plain; charset=utf-8");
        }

        @Test
        void absentFileIs404() {
            assertThat(refuse(RefusalCause.ABSENT, FILE, "GET", "*/*").status()).isEqualTo(404);
        }

        @ParameterizedTest
        @EnumSource(
                value = RefusalCause.class,
                names = {"UNKNOWN_NAME", "ABSENT", "METHOD_NOT_ALLOWED"})
        void toolInABrowserMayReadTheError(RefusalCause cause) {
            for (ApiClass api : List.of(SIMPLE, JSON)) {
                assertThat(refuse(cause, api, "GET", PIP).headers())
                        .containsEntry("Access-Control-Allow-Origin", "*")
                        .containsEntry("Access-Control-Expose-Headers", "X-PyPI-Last-Serial");
            }
        }
    }

    @Nested
    class Pages {
        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {FIREFOX, CHROME, "text/html", "*/*"})
        void pageStandsAlone(@Nullable String accept) {
            Refusal refusal = refuse(RefusalCause.OUTAGE, WEB, "GET", accept);

            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.reasonPhrase()).isEqualTo("Service Unavailable");
            assertThat(refusal.headers())
                    .containsEntry("Content-Type", "text/html; charset=utf-8")
                    .containsEntry("Retry-After", "120")
                    .containsKey("Content-Security-Policy");
            assertThat(refusal.body())
                    .startsWith("<!DOCTYPE html>")
                    .contains("<html lang=\"en\">", "<title>Temporarily unavailable</title>", "about 2 minutes")
                    .contains("<a href=\"https://status.example.org/\">", "<code>req-1</code>")
                    .doesNotContain("<script", "<link", "<img", "src=", "@import", "url(");
        }

        @Test
        void pageSaysThatInstallingWorksOnlyWhileItDoes() {
            RefusedRequest request = new RefusedRequest(WEB, "GET", FIREFOX, null);

            String works = REFUSALS.refuse(RefusalCause.OUTAGE, request, new Situation(null, 1, true, true))
                    .body();
            String fails = REFUSALS.refuse(RefusalCause.OUTAGE, request, new Situation(null, 1, false, false))
                    .body();

            assertThat(works).contains("Installing packages still works.", "Uploading packages works.");
            assertThat(fails).contains("Installing packages may fail for now.", "Uploads are refused for now.");
        }

        @Test
        void clientThatPrefersJsonGetsAProblem() {
            Refusal refusal = refuse(RefusalCause.OUTAGE, WEB, "GET", "application/json");

            assertThat(refusal.headers()).containsEntry("Content-Type", "application/problem+json");
            assertThat(json(refusal).at("/reason").stringValue()).isEqualTo("outage");
        }

        @Test
        void changeInReadOnlyModeIsRefusedVisibly() {
            Refusal refusal = refuse(RefusalCause.READ_ONLY, WEB, "POST", FIREFOX);

            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.headers()).containsEntry("Retry-After", "300");
            assertThat(refusal.body()).contains("<h1>Read-only mode</h1>", "nothing was changed");
        }

        @Test
        void statusUrlThatIsNoWebAddressIsNotALink() {
            Refusals refusals = new Refusals(new RefusalConfig("javascript:alert(1)", 403));

            String body = refusals.refuse(RefusalCause.OUTAGE, new RefusedRequest(WEB, "GET", FIREFOX, null), DIVERTED)
                    .body();

            assertThat(body).contains("javascript:alert(1)").doesNotContain("<a ");
        }

        @Test
        void senderOfAWebHookIsToldToComeBack() {
            Refusal refusal = refuse(RefusalCause.OUTAGE, OTHER, "POST", "*/*");

            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.headers())
                    .containsEntry("Content-Type", "application/problem+json")
                    .containsEntry("Retry-After", "60");
        }

        @Test
        void requestWithoutARouteIsNotFound() {
            Refusal refusal = refuse(RefusalCause.NO_ROUTE, OTHER, "POST", "*/*");

            assertThat(refusal.status()).isEqualTo(404);
            assertThat(refusal.cause().label()).isEqualTo("no-route");
        }
    }

    @Nested
    class OperatorsMessage {
        private static final String MESSAGE = "Moving to <new> \u201cdata & centre\u201d\r\nuntil 18:00";
        private static final String SHOWN = "Moving to <new> \u201cdata & centre\u201d until 18:00";

        @Test
        void replacesTheSentenceInTheReasonPhrase() {
            Refusal refusal = refuse(UPLOAD, "POST", "*/*");

            assertThat(refusal.reasonPhrase())
                    .isEqualTo("Moving to <new> \"data & centre\" until 18:00 See https://status.example.org/");
            assertThat(refusal.body()).isEqualTo(SHOWN + " See https://status.example.org/\n");
        }

        @Test
        void isEscapedInJson() {
            assertThat(json(refuse(SIMPLE, "GET", PIP)).at("/detail").stringValue())
                    .isEqualTo(SHOWN + " See " + STATUS);
            assertThat(json(refuse(OIDC, "POST", PIP)).at("/message").stringValue())
                    .isEqualTo(SHOWN + " See " + STATUS);
        }

        @Test
        void isEscapedInMarkup() {
            String escaped = "Moving to &lt;new&gt; \u201cdata &amp; centre\u201d until 18:00";

            assertThat(refuse(WEB, "GET", FIREFOX).body()).contains("<p>" + escaped + "</p>");
            assertThat(refuse(XMLRPC, "POST", null).body()).contains("unavailable: " + escaped + " See ");
        }

        @Test
        void isCutInTheReasonPhraseAndWholeInTheBody() {
            String message = "a long story ".repeat(40).strip();
            RefusedRequest request = new RefusedRequest(UPLOAD, "POST", UV_PUBLISH, null);

            Refusal refusal = REFUSALS.refuse(RefusalCause.READ_ONLY, request, new Situation(message, 1, true, false));

            assertThat(refusal.reasonPhrase())
                    .hasSizeLessThanOrEqualTo(200)
                    .endsWith("... See https://status.example.org/");
            assertThat(json(refusal).at("/message").stringValue()).startsWith(message);
        }

        @Test
        void thatNamesTheStatusPageItselfIsNotGivenItAgain() {
            Situation situation = new Situation("All at " + STATUS + " now", 1, true, false);

            Refusal refusal =
                    REFUSALS.refuse(RefusalCause.OFFLINE, new RefusedRequest(UPLOAD, "POST", null, null), situation);

            assertThat(refusal.reasonPhrase()).isEqualTo("All at https://status.example.org/ now");
            assertThat(refusal.body()).isEqualTo("All at https://status.example.org/ now\n");
        }

        @Test
        void thatIsBlankIsNone() {
            Situation situation = new Situation(" \n", 1, true, false);

            Refusal refusal =
                    REFUSALS.refuse(RefusalCause.READ_ONLY, new RefusedRequest(UPLOAD, "POST", null, null), situation);

            assertThat(refusal.body()).startsWith("Read-only mode: Uploads");
        }

        private static Refusal refuse(ApiClass api, String method, @Nullable String accept) {
            return REFUSALS.refuse(
                    RefusalCause.OFFLINE,
                    new RefusedRequest(api, method, accept, null),
                    new Situation(MESSAGE, 1, false, false));
        }
    }

    @ParameterizedTest
    @EnumSource(ApiClass.class)
    void noRefusalIsKeptByACache(ApiClass api) {
        for (RefusalCause cause : RefusalCause.values()) {
            assertThat(refuse(cause, api, "GET", "*/*").headers())
                    .containsEntry("Cache-Control", "no-store")
                    .containsEntry("X-Content-Type-Options", "nosniff");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 200, 404, 500})
    void statusThatWouldMisleadUploadersIsRefused(int status) {
        assertThatThrownBy(() -> new Refusals(new RefusalConfig(null, status)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("uploadOutageStatus: " + status + " (expected: 403 or 503)");
    }

    @Test
    void everyCauseHasItsOwnLabel() {
        assertThat(RefusalCause.values()).extracting(RefusalCause::label).doesNotHaveDuplicates();
    }

    private static Refusal refuse(RefusalCause cause, ApiClass api, String method, @Nullable String accept) {
        return REFUSALS.refuse(cause, new RefusedRequest(api, method, accept, "req-1"), DIVERTED);
    }

    private static JsonNode json(Refusal refusal) {
        return MAPPER.readTree(refusal.body());
    }
}
