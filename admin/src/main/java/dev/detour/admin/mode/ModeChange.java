package dev.detour.admin.mode;

import dev.detour.admin.ProblemException;
import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The body of a {@code PUT /api/v1/mode}, and its checks. */
final class ModeChange {
    private static final List<String> KEYS = List.of("mode", "backend", "route", "message", "until", "for", "reason");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final int LONGEST_MESSAGE = 200;
    private static final int LONGEST_REASON = 500;

    private final ObjectNode body;
    private final Places places;
    private final Instant now;

    ModeChange(ObjectNode body, Places places, Instant now) {
        this.body = body;
        this.places = places;
        this.now = now;
    }

    ModeRule rule() throws ProblemException {
        for (String key : body.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw ProblemException.badValue(key, "unknown key", "one of " + String.join(", ", KEYS));
            }
        }
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
        return new ModeRule(mode, backend, route, message(), until, reason(), now);
    }

    private Mode mode() throws ProblemException {
        String label = text("mode");
        Mode mode = Mode.ofLabel(label);
        if (mode == null) {
            throw ProblemException.badValue("mode", label == null ? "missing" : label, "one of " + Mode.labels());
        }
        return mode;
    }

    private @Nullable String name(String key, Set<String> known) throws ProblemException {
        String name = text(key);
        if (name != null && !known.contains(name)) {
            throw ProblemException.badValue(key, name, "one of " + String.join(", ", new TreeSet<>(known)));
        }
        return name;
    }

    /** It becomes part of an HTTP reason phrase, which is one line of Latin-1 (RFC 9112 section 4). */
    private @Nullable String message() throws ProblemException {
        String message = text("message");
        if (message != null
                && (message.isBlank()
                        || message.length() > LONGEST_MESSAGE
                        || !message.chars().allMatch(c -> c <= 0xff && !Character.isISOControl(c)))) {
            throw ProblemException.badValue(
                    "message", message, "1 to " + LONGEST_MESSAGE + " Latin-1 characters without control characters");
        }
        return message;
    }

    private @Nullable String reason() throws ProblemException {
        String reason = text("reason");
        if (reason != null
                && (reason.length() > LONGEST_REASON || reason.chars().anyMatch(Character::isISOControl))) {
            throw ProblemException.badValue(
                    "reason", reason, "at most " + LONGEST_REASON + " characters without control characters");
        }
        return reason;
    }

    private @Nullable Instant until() throws ProblemException {
        String until = text("until");
        String length = text("for");
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
        Matcher matcher = DURATION.matcher(length);
        long amount = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (amount == 0) {
            throw ProblemException.badValue("for", length, "a duration above zero like 30m or 2h");
        }
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private @Nullable String text(String key) throws ProblemException {
        JsonNode value = body.get(key);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw ProblemException.badValue(key, value.toString(), "a string");
        }
        return value.stringValue();
    }
}
