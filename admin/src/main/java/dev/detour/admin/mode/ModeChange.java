package dev.detour.admin.mode;

import dev.detour.admin.ProblemException;
import dev.detour.admin.RequestFields;
import dev.detour.config.Units;
import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The body of a {@code PUT /api/v1/mode}, and its checks. */
final class ModeChange {
    private static final List<String> KEYS = List.of("mode", "backend", "route", "message", "until", "for", "reason");
    private static final int LONGEST_MESSAGE = 200;

    private final RequestFields fields;
    private final Places places;
    private final Instant now;

    ModeChange(ObjectNode body, Places places, Instant now) throws ProblemException {
        this.fields = RequestFields.of(body, KEYS);
        this.places = places;
        this.now = now;
    }

    ModeRule rule() throws ProblemException {
        Mode mode = mode();
        String backend = name("backend", places.backends());
        String route = name("route", places.routes());
        if (backend != null && route != null) {
            throw ProblemException.badValue("route", route, "none together with backend; a mode holds for one of them");
        }
        Instant until = until();
        if (until != null && mode == Mode.NORMAL && backend == null && route == null) {
            throw ProblemException.badValue("until", until.toString(), "no end for mode normal");
        }
        return new ModeRule(mode, backend, route, message(), until, fields.reason(), now);
    }

    private Mode mode() throws ProblemException {
        String label = fields.text("mode");
        Mode mode = Mode.ofLabel(label);
        if (mode == null) {
            throw ProblemException.badValue("mode", label == null ? "missing" : label, "one of " + Mode.labels());
        }
        return mode;
    }

    private @Nullable String name(String key, Set<String> known) throws ProblemException {
        String name = fields.text(key);
        if (name != null && !known.contains(name)) {
            throw ProblemException.badValue(key, name, "one of " + String.join(", ", new TreeSet<>(known)));
        }
        return name;
    }

    /** It becomes part of an HTTP reason phrase, which is one line of Latin-1 (RFC 9112 section 4). */
    private @Nullable String message() throws ProblemException {
        String message = fields.text("message");
        if (message != null
                && (message.isBlank()
                        || message.length() > LONGEST_MESSAGE
                        || !message.chars().allMatch(c -> c <= 0xff && !Character.isISOControl(c)))) {
            throw ProblemException.badValue(
                    "message", message, "1 to " + LONGEST_MESSAGE + " Latin-1 characters without control characters");
        }
        return message;
    }

    private @Nullable Instant until() throws ProblemException {
        String until = fields.text("until");
        String length = fields.text("for");
        if (until != null && length != null) {
            throw ProblemException.badValue("for", length, "none together with until");
        }
        if (length != null) {
            return now.plus(duration(length));
        }
        if (until == null) {
            return null;
        }
        try {
            Instant end = Instant.parse(until);
            if (end.isAfter(now)) {
                return end;
            }
        } catch (DateTimeException e) {
            throw ProblemException.badValue("until", until, "an instant like 2026-01-31T18:00:00Z");
        }
        throw ProblemException.badValue("until", until, "later than now, " + now);
    }

    private static Duration duration(String length) throws ProblemException {
        try {
            return Units.duration(length);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badValue("for", length, Units.DURATION);
        }
    }
}
