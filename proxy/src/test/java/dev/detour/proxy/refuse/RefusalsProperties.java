package dev.detour.proxy.refuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.detour.config.ApiClass;
import dev.detour.config.RefusalConfig;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever operators write and clients send, a refusal is well formed. */
class RefusalsProperties {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Property
    void reasonPhraseFitsInAStatusLine(
            @ForAll RefusalCause cause,
            @ForAll ApiClass api,
            @ForAll("texts") String message,
            @ForAll("urls") String url) {
        Refusal refusal = refuse(cause, api, "GET", null, message, url);

        assertThat(refusal.reasonPhrase()).isNotBlank().hasSizeLessThanOrEqualTo(200);
        assertThat(refusal.reasonPhrase().chars()).allMatch(c -> (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c <= 0xff));
    }

    @Property
    void readOnlyUploadNamesTheStatusPageHoweverLongTheMessage(@ForAll("texts") String message) {
        String url = "https://status.example.org/incidents/2026";

        Refusal refusal = refuse(RefusalCause.READ_ONLY, ApiClass.UPLOAD, "POST", null, message, url);

        assertThat(refusal.reasonPhrase()).contains(url);
        assertThat(refusal.body()).contains(url);
    }

    @Property
    void faultIsXmlThatSaysTheMessage(@ForAll("texts") String message) throws Exception {
        Refusal refusal = refuse(RefusalCause.OUTAGE, ApiClass.XMLRPC, "POST", null, message, "https://a/?b&c<d>");

        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(refusal.body())));
        String text = document.getElementsByTagName("string").item(0).getTextContent();

        assertThat(text).startsWith("server error; service unavailable: ").endsWith("https://a/?b&c<d>");
    }

    @Property
    void jsonIsValidAndSaysTheMessage(@ForAll("texts") String message) {
        assumeThat(Wording.oneLine(message)).isNotEmpty();

        Refusal upload = refuse(RefusalCause.OUTAGE, ApiClass.UPLOAD, "POST", "application/json", message, "");
        Refusal oidc = refuse(RefusalCause.OUTAGE, ApiClass.OIDC, "POST", null, message, "");
        Refusal simple = refuse(RefusalCause.OUTAGE, ApiClass.SIMPLE, "GET", null, message, "");

        String shown = Wording.oneLine(message);
        assertThat(member(upload, "/message")).isEqualTo(shown);
        assertThat(member(upload, "/code")).isEqualTo("403 " + shown);
        assertThat(member(oidc, "/message")).isEqualTo(shown);
        assertThat(member(oidc, "/errors/0/description")).isEqualTo(shown);
        assertThat(member(simple, "/detail")).isEqualTo(shown);
    }

    @Property
    void messageAddsNoMarkupToThePage(@ForAll("texts") String message, @ForAll("urls") String url) {
        Refusal plain = refuse(RefusalCause.OUTAGE, ApiClass.WEB, "GET", "text/html", "m", url);
        Refusal refusal = refuse(RefusalCause.OUTAGE, ApiClass.WEB, "GET", "text/html", message, url);

        assertThat(tags(refusal)).isEqualTo(tags(plain));
    }

    @Property
    void whateverIsAcceptedGetsARefusal(
            @ForAll RefusalCause cause,
            @ForAll ApiClass api,
            @ForAll @StringLength(max = 80) String accept,
            @ForAll int retryAfter) {
        Situation situation = new Situation(null, retryAfter, false, false);
        RefusedRequest request = new RefusedRequest(api, "GET", accept, null);

        Refusal refusal = new Refusals(new RefusalConfig(null, 403)).refuse(cause, request, situation);

        assertThat(refusal.body().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
        assertThat(refusal.status()).isIn(200, 403, 404, 405, 429, 503, 504);
        assertThat(refusal.headers()).containsKeys("Content-Type", "Cache-Control", "X-Content-Type-Options");
        assertThat(refusal.headers().containsKey("Retry-After"))
                .isEqualTo(refusal.status() == 503 || refusal.status() == 429);
        assertThat(refusal.headers().containsKey("Allow")).isEqualTo(refusal.status() == 405);
    }

    @Property
    void installersWaitOneToFiveSeconds(@ForAll int retryAfter) {
        RefusedRequest request = new RefusedRequest(ApiClass.SIMPLE, "GET", null, null);

        Map<String, String> headers = new Refusals(new RefusalConfig(null, 403))
                .refuse(RefusalCause.OUTAGE, request, new Situation(null, retryAfter, false, false))
                .headers();

        assertThat(headers.get("Retry-After")).matches("[1-5]");
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> any = Arbitraries.strings().ofMaxLength(60);
        Arbitrary<String> awkward = Arbitraries.strings()
                .withChars("<>&\"'\\\r\n\t\u0000\u001b\u007f\u0085\u2028 %{}\u00e9\u2019\u2026\ufffe\ud83d\ude00ab")
                .ofMaxLength(700);
        return Arbitraries.oneOf(any, awkward);
    }

    @Provide
    Arbitrary<String> urls() {
        return Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.strings()
                        .withChars("ab/?&=\"<\u00fc\n")
                        .ofMaxLength(300)
                        .map(end -> "https://s/" + end),
                Arbitraries.just("javascript:alert(1)"));
    }

    private static Refusal refuse(
            RefusalCause cause, ApiClass api, String method, @Nullable String accept, String message, String url) {
        Refusals refusals = new Refusals(new RefusalConfig(url.isEmpty() ? null : url, 403));
        return refusals.refuse(
                cause, new RefusedRequest(api, method, accept, "id-1"), new Situation(message, 3, true, false));
    }

    private static String member(Refusal refusal, String pointer) {
        JsonNode node = MAPPER.readTree(refusal.body()).at(pointer);
        return node.stringValue();
    }

    private static String tags(Refusal refusal) {
        return refusal.body().replaceAll("[^<>\"]+", "");
    }
}
