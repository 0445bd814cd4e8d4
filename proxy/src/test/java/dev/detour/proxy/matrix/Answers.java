package dev.detour.proxy.matrix;

import dev.detour.testkit.RawResponse;
import java.util.List;

/** What an answer is, and whether it is all that an answer of its kind has to be. */
final class Answers {
    private static final String NOTHING_HAPPENED = "nothing was stored";
    private static final String WHO_KNOWS = "may or may not have been stored";

    private Answers() {}

    /** Whether it is the good backend's answer, whole. */
    static boolean isBackends(RawResponse response, ApiColumn column) {
        return response.complete()
                && response.status() == 200
                && "backend".equals(response.header("detour-source"))
                && response.text().equals(column.backendBody());
    }

    /** What the client got; what does not belong to that is added to {@code wrong}. */
    static Outcome outcomeOf(RawResponse response, ApiColumn column, List<String> wrong) {
        String source = String.valueOf(response.header("detour-source"));
        if (response.end() == RawResponse.End.RESET || response.end() == RawResponse.End.TRUNCATED) {
            check(source.equals("backend"), "a broken transfer that is not the backend's", response, wrong);
            return Outcome.BROKEN;
        }
        check(response.complete(), "no end", response, wrong);
        return switch (source) {
            case "backend" -> Outcome.BACKEND;
            case "mirror" -> {
                check(response.text().equals(Trial.mirrorBody(column)), "not the mirror's body", response, wrong);
                yield Outcome.MIRROR;
            }
            default -> {
                check(source.equals("refusal"), "no known source", response, wrong);
                check(wellRefused(response, column), "a refusal that its client does not understand", response, wrong);
                yield response.text().contains(WHO_KNOWS) ? Outcome.UNKNOWN : Outcome.REFUSAL;
            }
        };
    }

    /** The form that each kind of client shows to the person who waits. */
    private static boolean wellRefused(RawResponse response, ApiColumn column) {
        return switch (column) {
            case SIMPLE, JSON, FILE ->
                String.valueOf(response.header("retry-after")).matches("[1-5]")
                        && response.reason().contains("temporarily unavailable");
            case UPLOAD ->
                response.header("retry-after") == null
                        && (response.reason().contains(NOTHING_HAPPENED)
                                ^ response.reason().contains(WHO_KNOWS));
            case XMLRPC ->
                response.text().contains("<int>-32403</int>")
                        && response.text().contains("server error; service unavailable");
            case WEB ->
                response.text().contains("temporarily unavailable")
                        && String.valueOf(response.header("retry-after")).matches("\\d+");
        };
    }

    private static void check(boolean holds, String otherwise, RawResponse response, List<String> wrong) {
        if (!holds) {
            wrong.add(otherwise + ": " + response + " " + response.text());
        }
    }
}
