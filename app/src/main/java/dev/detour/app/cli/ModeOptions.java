package dev.detour.app.cli;

import dev.detour.config.mode.Mode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Where a mode holds, for how long, and what is said about it. */
final class ModeOptions {
    @ArgGroup
    private @Nullable Place place;

    @Option(
            names = "--message",
            paramLabel = "TEXT",
            description = "the sentence that refused clients are shown instead of the default")
    private @Nullable String message;

    @ArgGroup
    private @Nullable End end;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for other operators; clients never see it")
    private @Nullable String reason;

    /** Whether any of them was given. */
    boolean given() {
        return place != null || message != null || end != null || reason != null;
    }

    /** The body of {@code PUT /api/v1/mode}. */
    ObjectNode change(Mode mode) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("mode", mode.label());
        if (place != null) {
            put(body, "backend", place.backend);
            put(body, "route", place.route);
        }
        put(body, "message", message);
        if (end != null) {
            put(body, "for", end.length);
            put(body, "until", end.until == null ? null : end.until.toString());
        }
        put(body, "reason", reason);
        return body;
    }

    private static void put(ObjectNode body, String key, @Nullable String value) {
        if (value != null) {
            body.put(key, value);
        }
    }

    /** One backend or one route; everywhere without it. */
    private static final class Place {
        @Option(names = "--backend", paramLabel = "NAME", description = "only for this backend")
        private @Nullable String backend;

        @Option(names = "--route", paramLabel = "NAME", description = "only for this route")
        private @Nullable String route;
    }

    /** When the mode ends by itself; never without it. */
    private static final class End {
        @Option(names = "--for", paramLabel = "TIME", description = "ends by itself after this time, such as 30m or 2h")
        private @Nullable String length;

        @Option(
                names = "--until",
                paramLabel = "TIME",
                description = "ends by itself at this time, such as 2026-01-31T18:00 (local) or 2026-01-31T18:00Z")
        private @Nullable Instant until;
    }
}
