package dev.detour.proxy.exchange;

import dev.detour.config.ApiClass;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureClassifier;
import dev.detour.health.failure.FailureKind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Whether the head of an answer can be true. A broken index, or a proxy before it, may say 200 and send an error page or
 * nothing at all; an installer takes an empty page for "there is no such version".
 */
final class AnswerCheck {
    private static final AsciiString HTML = AsciiString.cached("text/html");
    private static final AsciiString SIMPLE = AsciiString.cached("application/vnd.pypi.simple.");
    private static final AsciiString JSON = AsciiString.cached("json");

    private AnswerCheck() {}

    /** What is wrong with a final head, or null if nothing is. */
    static @Nullable Failure failureOf(HttpResponse head, ApiClass api, HttpMethod method) {
        int code = head.status().code();
        if (FailureClassifier.brokenStatus(code)) {
            return Failure.status(code);
        }
        if (!HttpMethod.GET.equals(method) || !mustHaveBody(head, api)) {
            return null;
        }
        if (HttpUtil.getContentLength(head, -1L) == 0) {
            return empty();
        }
        return expectedType(head, api) ? null : Failure.of(FailureKind.WRONG_CONTENT, "media type " + typeOf(head));
    }

    /** Whether the answer to a GET that has this head is a failure if its body turns out to be empty. */
    static boolean mustHaveBody(HttpResponse head, ApiClass api) {
        return head.status().code() == 200 && known(api);
    }

    /** An answer without a body where there must be one. */
    static Failure empty() {
        return Failure.of(FailureKind.WRONG_CONTENT, "empty body");
    }

    /** Whether it is known what an answer of this class looks like. */
    private static boolean known(ApiClass api) {
        return api == ApiClass.SIMPLE || api == ApiClass.JSON || api == ApiClass.FILE;
    }

    private static boolean expectedType(HttpResponse head, ApiClass api) {
        CharSequence type = head.headers().get(HttpHeaderNames.CONTENT_TYPE);
        return switch (api) {
            case SIMPLE -> type != null && (startsWith(type, HTML) || startsWith(type, SIMPLE));
            case JSON -> type != null && AsciiString.containsIgnoreCase(type, JSON);
            default -> true;
        };
    }

    private static boolean startsWith(CharSequence type, AsciiString beginning) {
        return AsciiString.regionMatches(type, true, 0, beginning, 0, beginning.length());
    }

    /** The backend's words, cut and made printable: they end up in a log. */
    private static String typeOf(HttpResponse head) {
        String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE);
        if (type == null) {
            return "missing";
        }
        String shown = type.length() > 60 ? type.substring(0, 60) : type;
        return '"' + shown.replaceAll("[^\\x20-\\x7e]", "?") + '"';
    }
}
