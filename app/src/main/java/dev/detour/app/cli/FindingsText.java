package dev.detour.app.cli;

import java.util.Locale;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** What an instance has found wrong, for a person, from an answer with {@code status}, {@code at} and {@code findings}. */
final class FindingsText {
    private FindingsText() {}

    /** The status on the first line, and under it each finding whose rule is {@code shown}. */
    static StringBuilder of(JsonNode answer, Predicate<String> shown) {
        StringBuilder out = new StringBuilder();
        out.append(answer.path("status").asString("unknown").toUpperCase(Locale.ROOT))
                .append("  ")
                .append(answer.path("at").asString(""))
                .append('\n');
        for (JsonNode finding : answer.path("findings")) {
            String rule = finding.path("rule").asString("");
            if (shown.test(rule)) {
                out.append("  ")
                        .append(finding.path("severity").asString(""))
                        .append(' ')
                        .append(rule)
                        .append(": ")
                        .append(finding.path("text").asString(""))
                        .append('\n');
            }
        }
        return out;
    }
}
