package dev.detour.app.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** The revocation lists that a running instance watches, for a person, from the answer of {@code GET /api/v1/crls}. */
final class WatchedCrls {
    static final String PATH = "/api/v1/crls";

    private static final String NONE = "-";

    private final JsonNode answer;
    private final Instant now;

    WatchedCrls(JsonNode answer) {
        this.answer = answer;
        this.now = Instant.parse(answer.path("at").asString(""));
    }

    int exitCode() {
        return ExitCode.ofStatus(answer.path("status").asString(""));
    }

    String text() {
        StringBuilder out = FindingsText.of(answer, rule -> true);
        if (answer.path("crls").isEmpty()) {
            return out.append("no revocation list is watched\n").toString();
        }
        Table table = new Table();
        table.row("CRL", "STATUS", "ENTRIES", "BYTES", "OF THE LIMIT", "IF ALL WERE REVOKED", "NEXT UPDATE", "PLACE");
        answer.path("crls").forEach(crl -> row(crl, table));
        out.append('\n');
        table.print("", out);
        return out.toString();
    }

    private void row(JsonNode crl, Table table) {
        JsonNode list = crl.path("list");
        JsonNode measured = crl.path("measured");
        JsonNode share = measured.path("share");
        table.row(
                crl.path("source").asString(""),
                crl.path("status").asString("").toUpperCase(Locale.ROOT),
                number(list.path("entries")),
                number(list.path("bytes")),
                share.isNumber()
                        ? String.format(Locale.ROOT, "%.1f %%", 100 * share.asDouble(0)) + " of "
                                + measured.path("limit").asString("")
                        : NONE,
                number(measured.path("shockBytes")),
                until(list.path("nextUpdate")),
                crl.path("place").asString(""));
    }

    private static String number(JsonNode number) {
        return number.isNumber() ? number.asString() : NONE;
    }

    private String until(JsonNode time) {
        if (!time.isString()) {
            return NONE;
        }
        Duration left = Duration.between(now, Instant.parse(time.stringValue()));
        return left.isNegative() ? Durations.words(left.negated()) + " ago" : "in " + Durations.words(left);
    }
}
