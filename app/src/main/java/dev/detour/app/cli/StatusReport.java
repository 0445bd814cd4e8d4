package dev.detour.app.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The state of an instance for a person, from the answer of {@code GET /api/v1/status}. */
final class StatusReport {
    private static final String NONE = "-";

    private final JsonNode answer;
    /** The instance's clock: that of the reader's machine may differ. */
    private final @Nullable Instant now;

    StatusReport(JsonNode answer) {
        this.answer = answer;
        this.now = instant(answer.path("at"));
    }

    int exitCode() {
        return ExitCode.ofStatus(text(answer, "status"));
    }

    String text() {
        StringBuilder out = new StringBuilder();
        out.append(text(answer, "status").toUpperCase(Locale.ROOT))
                .append("  detour ")
                .append(text(answer, "version"))
                .append(", ")
                .append(text(answer, "at"))
                .append('\n');
        answer.path("reasons")
                .forEach(reason -> out.append("  ").append(reason.asString()).append('\n'));
        out.append('\n');
        new ModeReport(answer)
                .text()
                .lines()
                .forEach(line -> out.append("mode ").append(line).append('\n'));
        answer.path("backends").forEach(backend -> backend(backend, out));
        cache(out);
        mirrors(out);
        return out.toString();
    }

    private void backend(JsonNode backend, StringBuilder out) {
        JsonNode breaker = backend.path("breaker");
        String state = text(breaker, "state").replace('_', ' ');
        out.append("\nbackend ")
                .append(text(backend, "backend"))
                .append(": breaker ")
                .append(state);
        out.append(" for ").append(age(breaker.path("since")));
        if (!state.equals("closed")) {
            if (breaker.path("lastFailure").isObject()) {
                out.append(" because of ").append(failure(breaker.path("lastFailure")));
            }
            Instant trial = instant(breaker.path("nextTrial"));
            if (trial != null && now != null) {
                out.append(", next trial in ")
                        .append(Math.max(0, Duration.between(now, trial).toSeconds()))
                        .append(" s");
            }
        }
        out.append("; ").append(backend.path("inFlight").asInt(0)).append(" of ");
        out.append(backend.path("limit").asInt(0)).append(" requests in progress, ");
        out.append(backend.path("queued").asInt(0)).append(" waiting\n");
        if (!backend.path("endpoints").isEmpty()) {
            endpoints(backend.path("endpoints"), out);
        }
        backend.path("unresolved")
                .forEachEntry((host, reason) -> out.append("  ")
                        .append(host)
                        .append(" is not resolved: ")
                        .append(reason.asString())
                        .append('\n'));
    }

    private void endpoints(JsonNode endpoints, StringBuilder out) {
        Table table = new Table();
        table.row("ENDPOINT", "STANDING", "FOR", "LAST GOOD", "IN USE", "DRAINED", "WHY");
        for (JsonNode endpoint : endpoints) {
            String name = text(endpoint, "endpoint");
            String configured = text(endpoint, "configured");
            table.row(
                    name.equals(configured) ? name : name + " (" + configured + ")",
                    text(endpoint, "standing"),
                    age(endpoint.path("since")),
                    ago(endpoint.path("lastGood")),
                    Integer.toString(endpoint.path("inUse").asInt(0)),
                    drained(endpoint),
                    why(endpoint));
        }
        table.print("  ", out);
    }

    private String drained(JsonNode endpoint) {
        JsonNode drain = endpoint.path("drain");
        if (!drain.isObject()) {
            return NONE;
        }
        String reason = drain.path("reason").asString("");
        return "for " + age(drain.path("since")) + (reason.isEmpty() ? "" : " \"" + reason + "\"");
    }

    /** An endpoint that is up has its latest failure behind it. */
    private String why(JsonNode endpoint) {
        if (text(endpoint, "standing").equals("up") || !endpoint.path("failure").isObject()) {
            return "";
        }
        Instant until = instant(endpoint.path("ejectedUntil"));
        String end = until == null || now == null
                ? ""
                : ", out for another " + Durations.words(Duration.between(now, until));
        return failure(endpoint.path("failure")) + end;
    }

    private void cache(StringBuilder out) {
        JsonNode cache = answer.path("cache");
        if (cache.path("capacity").asLong(0) == 0) {
            return;
        }
        out.append("\ncache: ")
                .append(cache.path("entries").asLong(0))
                .append(" answers, ")
                .append(mebibytes(cache.path("bytes")))
                .append(" of ")
                .append(mebibytes(cache.path("capacity")))
                .append(" MiB");
        disk(out, cache.path("disk"));
        out.append('\n');
    }

    private static void disk(StringBuilder out, JsonNode disk) {
        if (!disk.isObject()) {
            return;
        }
        out.append("; on disk ")
                .append(mebibytes(disk.path("bytes")))
                .append(" of ")
                .append(mebibytes(disk.path("capacity")))
                .append(" MiB");
        if (!disk.path("problem").isNull()) {
            out.append(", NOT WELL: ").append(disk.path("problem").asString());
        }
    }

    private static long mebibytes(JsonNode bytes) {
        return Math.round(bytes.asLong(0) / (double) (1 << 20));
    }

    private void mirrors(StringBuilder out) {
        if (answer.path("mirrors").isEmpty()) {
            return;
        }
        out.append('\n');
        for (JsonNode mirror : answer.path("mirrors")) {
            JsonNode age = mirror.path("ageSeconds");
            out.append("mirror ").append(text(mirror, "mirror"));
            out.append(mirror.path("fit").asBoolean(false) ? ": fit" : ": NOT FIT");
            out.append(", age ").append(age.isNumber() ? Durations.words(Duration.ofSeconds(age.asLong())) : "unknown");
            out.append(", ").append(text(mirror, "detail")).append('\n');
        }
    }

    private static String failure(JsonNode failure) {
        String detail = failure.path("detail").asString("");
        return text(failure, "label") + (detail.isEmpty() ? "" : ": " + detail);
    }

    private String ago(JsonNode time) {
        Instant then = instant(time);
        return then == null ? "never" : age(time) + " ago";
    }

    private String age(JsonNode time) {
        Instant then = instant(time);
        return then == null || now == null ? NONE : Durations.words(Duration.between(then, now));
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString("unknown");
    }

    private static @Nullable Instant instant(JsonNode node) {
        try {
            return node.isString() ? Instant.parse(node.stringValue()) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
