package dev.detour.admin.mode;

import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.fleet.OperatorState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of the operator's wish: {@code detour.mode{mode}}, 1 for the mode in force everywhere, 0 for the others. */
public final class ModeMeters {
    private ModeMeters() {}

    public static void bind(OperatorState state, MeterRegistry registry) {
        for (Mode mode : Mode.values()) {
            Gauge.builder("detour.mode", state, it -> everywhere(it) == mode ? 1 : 0)
                    .description("1 for the mode in force everywhere")
                    .tag("mode", mode.label())
                    .strongReference(true)
                    .register(registry);
        }
    }

    private static Mode everywhere(OperatorState state) {
        return state.modes().rules().stream()
                .filter(rule -> rule.backend() == null && rule.route() == null)
                .map(ModeRule::mode)
                .findFirst()
                .orElse(Mode.NORMAL);
    }
}
