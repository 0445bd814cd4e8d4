package dev.detour.proxy.refuse;

import static dev.detour.proxy.refuse.RefusalCause.ABSENT;
import static dev.detour.proxy.refuse.RefusalCause.METHOD_NOT_ALLOWED;
import static dev.detour.proxy.refuse.RefusalCause.NO_ROUTE;
import static dev.detour.proxy.refuse.RefusalCause.OUTCOME_UNKNOWN;
import static dev.detour.proxy.refuse.RefusalCause.READ_ONLY;

import dev.detour.config.ApiClass;
import dev.detour.config.RefusalConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Words refusals for the client that reads them.
 *
 * <h2>Status</h2>
 * Installers take 404 as a fact and go on to the next index, so a thing that may exist is 503. Uploaders send the whole file
 * again on 503, at once and five times, so an upload is 403 unless configured otherwise. {@code xmlrpc.client} shows the text
 * of a fault but not of an error status, so XML-RPC is 200.
 *
 * <h2>Place of the message</h2>
 * Most uploaders show the reason phrase and hide the body; uv shows the body and, over HTTP/2, has no reason phrase. The
 * message is therefore in both, and in the body uncut.
 *
 * <h2>Retry-After</h2>
 * A number of seconds, since Poetry fails on a date, and a small one for installers: pip waits that long before each of five
 * retries. Never on 403, where some clients would take it as a wish to retry.
 */
public final class Refusals {
    private static final int LEAST_INSTALLER_WAIT = 1;
    private static final int LONGEST_INSTALLER_WAIT = 5;
    private static final int FAULT_CODE = -32403;
    private static final List<String> READS = List.of("GET", "HEAD", "OPTIONS");
    /* The forms of each class, the preferred one first. Whoever accepts anything gets that. */
    private static final List<BodyForm> UPLOAD_FORMS = List.of(BodyForm.TEXT, BodyForm.JSON, BodyForm.HTML);
    private static final List<BodyForm> PAGE_FORMS = List.of(BodyForm.HTML, BodyForm.PROBLEM, BodyForm.TEXT);
    private static final List<BodyForm> API_FORMS = List.of(BodyForm.PROBLEM, BodyForm.HTML, BodyForm.TEXT);

    private final @Nullable String statusUrl;
    private final int uploadOutageStatus;

    /**
     * Refusals as configured.
     *
     * @throws IllegalArgumentException if the status of uploads in an outage is neither 403 nor 503
     */
    public Refusals(RefusalConfig config) {
        if (config.uploadOutageStatus() != 403 && config.uploadOutageStatus() != 503) {
            throw new IllegalArgumentException(
                    "uploadOutageStatus: " + config.uploadOutageStatus() + " (expected: 403 or 503)");
        }
        String url = config.statusUrl() == null ? "" : Wording.oneLine(config.statusUrl());
        this.statusUrl = url.isEmpty() ? null : url;
        this.uploadOutageStatus = config.uploadOutageStatus();
    }

    /** The answer to a request that nobody else answers. */
    public Refusal refuse(RefusalCause cause, RefusedRequest request, Situation situation) {
        RefusalCause exact = exactCause(cause, request);
        if (exact == ABSENT || exact == NO_ROUTE || exact == METHOD_NOT_ALLOWED) {
            return plainFact(exact, request.api());
        }
        return unavailable(exact, request, situation);
    }

    /* What could not work in the best of times is told so, lest the client try again. */
    private static RefusalCause exactCause(RefusalCause cause, RefusedRequest request) {
        if (cause == ABSENT || cause == NO_ROUTE || cause == OUTCOME_UNKNOWN) {
            return cause;
        }
        boolean allowed = switch (request.api()) {
            case SIMPLE, JSON, FILE -> READS.contains(request.method());
            case XMLRPC -> request.method().equals("POST");
            case UPLOAD, OIDC, WEB, OTHER -> true;
        };
        return allowed ? cause : METHOD_NOT_ALLOWED;
    }

    /** 404 and 405, which are no matter of outage and have the form that Warehouse gives them. */
    private static Refusal plainFact(RefusalCause cause, ApiClass api) {
        int status = cause == METHOD_NOT_ALLOWED ? 405 : 404;
        String phrase = phrase(status);
        boolean json = api == ApiClass.JSON || api == ApiClass.OIDC;
        Map<String, String> headers = headers(api, json ? BodyForm.JSON : BodyForm.TEXT);
        if (status == 405) {
            headers.put("Allow", api == ApiClass.XMLRPC || api == ApiClass.UPLOAD ? "POST" : "GET, HEAD");
        }
        String body = json ? JsonText.object(Map.of("message", phrase)) : status + " " + phrase;
        return new Refusal(cause, status, phrase, headers, body);
    }

    private Refusal unavailable(RefusalCause cause, RefusedRequest request, Situation situation) {
        ApiClass api = request.api();
        int status = status(cause, api);
        int wait = status == 503 || status == 429 ? wait(cause, api, situation) : 0;
        String message = situation.message() == null ? "" : Wording.oneLine(situation.message());
        String sentence = message.isEmpty() ? Wording.sentence(cause, request) : message;
        BodyForm form = form(api, request.accept());
        Map<String, String> headers = headers(api, form);
        if (wait > 0) {
            headers.put("Retry-After", Integer.toString(wait));
        }
        String body = switch (form) {
            case TEXT -> pointed(sentence) + "\n";
            case JSON -> api == ApiClass.OIDC ? oidcDocument(sentence) : uploadDocument(status, sentence);
            case PROBLEM -> problem(cause, status, explained(cause, sentence, message), request.id());
            case FAULT -> fault(sentence);
            case HTML ->
                new HtmlPage(
                                Wording.heading(cause),
                                explained(cause, sentence, message),
                                statusUrl,
                                wait,
                                situation,
                                request.id())
                        .render();
        };
        return new Refusal(cause, status, reasonPhrase(api, status, sentence), headers, body);
    }

    private int status(RefusalCause cause, ApiClass api) {
        return switch (api) {
            case UPLOAD -> cause == READ_ONLY ? 403 : uploadOutageStatus;
            case XMLRPC -> 200;
            case SIMPLE, JSON, FILE, OIDC, WEB, OTHER ->
                switch (cause) {
                    case TOO_MANY_REQUESTS -> 429;
                    case NOT_CACHED -> 504;
                    default -> 503;
                };
        };
    }

    private static int wait(RefusalCause cause, ApiClass api, Situation situation) {
        return switch (api) {
            case SIMPLE, JSON, FILE ->
                Math.max(LEAST_INSTALLER_WAIT, Math.min(LONGEST_INSTALLER_WAIT, situation.retryAfterSeconds()));
            case OIDC -> 30;
            case WEB -> cause == READ_ONLY ? 300 : 120;
            case UPLOAD, XMLRPC, OTHER -> 60;
        };
    }

    private static BodyForm form(ApiClass api, @Nullable String accept) {
        return switch (api) {
            case UPLOAD -> Accept.parse(accept).best(UPLOAD_FORMS);
            case WEB -> Accept.parse(accept).best(PAGE_FORMS);
            case SIMPLE, JSON, OTHER -> Accept.parse(accept).best(API_FORMS);
            case FILE -> BodyForm.TEXT;
            case OIDC -> BodyForm.JSON;
            case XMLRPC -> BodyForm.FAULT;
        };
    }

    private String reasonPhrase(ApiClass api, int status, String sentence) {
        return switch (api) {
            case UPLOAD, SIMPLE, JSON, FILE, OTHER ->
                ReasonPhrase.of(sentence, api == ApiClass.UPLOAD ? statusUrl : null);
            case XMLRPC, OIDC, WEB -> phrase(status);
        };
    }

    private static Map<String, String> headers(ApiClass api, BodyForm form) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", form.contentType());
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        if (form == BodyForm.HTML) {
            headers.put("Content-Security-Policy", HtmlPage.CONTENT_SECURITY_POLICY);
        }
        if (api == ApiClass.SIMPLE || api == ApiClass.JSON || api == ApiClass.FILE) {
            cors(headers, api);
        }
        return headers;
    }

    /* The same as on an answer of the backend: without them a tool in a browser sees a network error and no message. */
    private static void cors(Map<String, String> headers, ApiClass api) {
        boolean file = api == ApiClass.FILE;
        headers.put("Access-Control-Allow-Origin", "*");
        headers.put(
                "Access-Control-Allow-Headers",
                file ? "Range" : "Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since");
        headers.put("Access-Control-Allow-Methods", "GET");
        headers.put("Access-Control-Max-Age", "86400");
        headers.put(
                "Access-Control-Expose-Headers",
                file ? "Content-Length, Content-Range, Accept-Ranges" : "X-PyPI-Last-Serial");
    }

    /** The operator's words need no explanation of ours. */
    private static String explained(RefusalCause cause, String sentence, String message) {
        return message.isEmpty() ? Wording.join(sentence, Wording.explanation(cause)) : sentence;
    }

    private String pointed(String text) {
        return Wording.withPointer(text, statusUrl);
    }

    /** The document that Warehouse answers refused uploads with; uv shows {@code code}. */
    private String uploadDocument(int status, String sentence) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("message", pointed(sentence));
        members.put("code", status + " " + pointed(sentence));
        members.put("title", phrase(status));
        return JsonText.object(members);
    }

    /** The document of a failed token request; the publishing action for GitHub reads {@code errors}. */
    private String oidcDocument(String sentence) {
        String text = JsonText.string(pointed(sentence));
        return "{\"message\": " + text + ", \"errors\": [{\"code\": \"service-unavailable\", \"description\": " + text
                + "}]}";
    }

    private String problem(RefusalCause cause, int status, String detail, @Nullable String id) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "about:blank");
        members.put("title", phrase(status));
        members.put("status", status);
        members.put("detail", pointed(detail));
        members.put("reason", cause.label());
        if (id != null) {
            members.put("request-id", id);
        }
        return JsonText.object(members);
    }

    /** The fault Warehouse has for this case. */
    private String fault(String sentence) {
        String text = Markup.escape("server error; service unavailable: " + pointed(sentence));
        return """
                <?xml version="1.0" encoding="utf-8"?>
                <methodResponse><fault><value><struct>
                <member><name>faultCode</name><value><int>%d</int></value></member>
                <member><name>faultString</name><value><string>%s</string></value></member>
                </struct></value></fault></methodResponse>
                """.formatted(FAULT_CODE, text);
    }

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 429 -> "Too Many Requests";
            default -> "Service Unavailable";
        };
    }
}
