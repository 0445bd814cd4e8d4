package dev.detour.fleet;

import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.config.mode.Modes;
import dev.detour.fleet.StateFile.DamagedException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mode rules as JSON: {@code {"version": 1, "rules": [{"mode": "read-only", "since": "…", …}]}}.
 *
 * <p>Jackson leaves a component null when its key is absent, whatever the type says.
 *
 * @param version of this notation
 */
record ModeContent(int version, @Nullable List<@Nullable Rule> rules) {
    private static final int VERSION = 1;

    static StateFile<Modes, ModeContent> file(Path directory) {
        return new StateFile<>(directory, "mode.json", ModeContent.class, ModeContent::of, ModeContent::toModes);
    }

    private static ModeContent of(Modes modes) {
        return new ModeContent(VERSION, modes.rules().stream().map(Rule::of).toList());
    }

    private Modes toModes() throws DamagedException {
        if (version != VERSION) {
            throw new DamagedException("version: " + version + " (expected: " + VERSION + ")");
        }
        if (rules == null) {
            throw new DamagedException("rules: missing (expected: a list)");
        }
        Modes modes = Modes.NONE;
        for (Rule rule : rules) {
            if (rule == null) {
                throw new DamagedException("rules: null entry (expected: an object)");
            }
            modes = modes.with(rule.toModeRule());
        }
        return modes;
    }

    /** One rule; the mode by its label. */
    record Rule(
            @Nullable String mode,
            @Nullable String backend,
            @Nullable String route,
            @Nullable String message,
            @Nullable Instant until,
            @Nullable String reason,
            @Nullable Instant since) {

        private static Rule of(ModeRule rule) {
            return new Rule(
                    rule.mode().label(),
                    rule.backend(),
                    rule.route(),
                    rule.message(),
                    rule.until(),
                    rule.reason(),
                    rule.since());
        }

        private ModeRule toModeRule() throws DamagedException {
            if (since == null) {
                throw new DamagedException("since: missing (expected: an instant)");
            }
            Mode known = Mode.ofLabel(mode);
            if (known == null) {
                throw new DamagedException("mode: " + mode + " (expected: one of " + Mode.labels() + ")");
            }
            return new ModeRule(known, backend, route, message, until, reason, since);
        }
    }
}
