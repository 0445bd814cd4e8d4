package dev.detour.admin.mode;

import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.config.mode.Modes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The modes in force as JSON.
 *
 * @param mode the one that holds where no narrower rule does
 * @param modes every rule
 */
public record ModesView(String mode, List<RuleView> modes) {
    public static ModesView of(Modes modes) {
        String everywhere = modes.rules().stream()
                .filter(rule -> rule.backend() == null && rule.route() == null)
                .map(rule -> rule.mode().label())
                .findFirst()
                .orElse(Mode.NORMAL.label());
        return new ModesView(
                everywhere, modes.rules().stream().map(RuleView::of).toList());
    }

    /** One {@link ModeRule}. */
    public record RuleView(
            String mode,
            @Nullable String backend,
            @Nullable String route,
            @Nullable String message,
            @Nullable Instant until,
            @Nullable String reason,
            Instant since) {
        static RuleView of(ModeRule rule) {
            return new RuleView(
                    rule.mode().label(),
                    rule.backend(),
                    rule.route(),
                    rule.message(),
                    rule.until(),
                    rule.reason(),
                    rule.since());
        }
    }
}
