package dev.detour.proxy.refuse;

import dev.detour.config.ApiClass;
import org.jspecify.annotations.Nullable;

/** The sentences refused clients read when the operator gives none. */
final class Wording {
    static final String SEE = " See ";

    private static final String UNCERTAIN = "may or may not have %s. Check before you try again.";

    private Wording() {}

    /** What does not work, in one sentence or two; never claims that nothing happened unless nothing was sent. */
    static String sentence(RefusalCause cause, RefusedRequest request) {
        return switch (request.api()) {
            case UPLOAD -> upload(cause);
            case SIMPLE -> installer("Package page", cause);
            case JSON -> installer("Package data", cause);
            case FILE -> installer("File", cause);
            case OIDC ->
                cause == RefusalCause.READ_ONLY
                        ? "Read-only mode: Trusted publishing is temporarily disabled."
                        : "Trusted publishing is temporarily unavailable. Try again later.";
            case XMLRPC -> "The XML-RPC API is temporarily unavailable. Try again later.";
            case WEB, OTHER -> page(cause, request);
        };
    }

    /** Why, for those who get more than one sentence to read; may be empty. */
    static String explanation(RefusalCause cause) {
        return switch (cause) {
            case UNKNOWN_NAME -> "The index does not answer, and its mirror cannot tell whether this exists.";
            case OUTAGE -> "The index does not answer, and no copy of this is at hand.";
            case DIVERTED_READ -> "The index is not asked at the moment, and no copy of this is at hand.";
            case OVERLOADED -> "The index has more requests than it can answer. Nothing was lost; try again soon.";
            case TOO_MANY_REQUESTS -> "This address asks more often than the index allows. Ask more slowly.";
            case OFFLINE -> "The index was taken offline by its operators.";
            case NOT_CACHED -> "The request allows no answer but one from the cache, which has none.";
            case READ_ONLY, DIVERTED_WRITE, OUTCOME_UNKNOWN, ABSENT, METHOD_NOT_ALLOWED, NO_ROUTE -> "";
        };
    }

    /** The heading of a page. */
    static String heading(RefusalCause cause) {
        return switch (cause) {
            case READ_ONLY -> "Read-only mode";
            case OFFLINE -> "Offline";
            case OVERLOADED -> "Overloaded";
            case TOO_MANY_REQUESTS -> "Too many requests";
            case NOT_CACHED -> "Not in the cache";
            default -> "Temporarily unavailable";
        };
    }

    /** {@code text}, then where to read more unless it says so itself. */
    static String withPointer(String text, @Nullable String statusUrl) {
        return statusUrl == null || text.contains(statusUrl) ? text : text + SEE + statusUrl;
    }

    /** Two sentences in one line; the first gets the full stop it may lack. */
    static String join(String first, String second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first + second;
        }
        boolean ended = ".!?".indexOf(first.charAt(first.length() - 1)) >= 0;
        return first + (ended ? " " : ". ") + second;
    }

    /** The text with every run of spaces, line breaks and other control characters as one space. */
    static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Z}\\p{Cc}]+", " ").strip();
    }

    private static String upload(RefusalCause cause) {
        return switch (cause) {
            case READ_ONLY -> "Read-only mode: Uploads are temporarily disabled.";
            case OUTCOME_UNKNOWN -> "Index failed during the upload: it " + UNCERTAIN.formatted("been stored");
            case OVERLOADED -> "Index is overloaded: nothing was stored. Try again soon.";
            case OFFLINE -> "Index is offline: uploads are temporarily disabled; nothing was stored. Try again later.";
            default -> "Index is in failover: uploads are temporarily disabled; nothing was stored. Try again later.";
        };
    }

    private static String installer(String what, RefusalCause cause) {
        String state = switch (cause) {
            case OFFLINE -> "index offline";
            case OVERLOADED -> "index overloaded";
            case TOO_MANY_REQUESTS -> "too many requests from this address";
            case NOT_CACHED -> "not in the cache";
            default -> "index in failover";
        };
        return what + " temporarily unavailable (" + state + ")";
    }

    private static String page(RefusalCause cause, RefusedRequest request) {
        return switch (cause) {
            case READ_ONLY -> "Read-only mode: Changes are temporarily disabled; nothing was changed.";
            case DIVERTED_WRITE -> "Changes are temporarily disabled; nothing was changed. Try again later.";
            case OUTCOME_UNKNOWN -> "The index failed during the request: it " + UNCERTAIN.formatted("taken effect");
            default ->
                request.api() == ApiClass.WEB
                        ? "This page is temporarily unavailable. Try again later."
                        : "This service is temporarily unavailable. Try again later.";
        };
    }
}
