package dev.detour.admin.mode;

import dev.detour.admin.AdminResponse;
import dev.detour.admin.AdminRoute;
import dev.detour.admin.ProblemException;
import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.config.mode.Modes;
import dev.detour.fleet.OperatorState;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code GET} and {@code PUT /api/v1/mode}. */
public final class ModeRoutes {
    private static final String PATH = "/api/v1/mode";

    private ModeRoutes() {}

    /** Both routes; {@code places} is asked at every change, so that a reload of the configuration counts at once. */
    public static List<AdminRoute> of(OperatorState state, Supplier<Places> places, Clock clock) {
        return List.of(
                AdminRoute.get(PATH, request -> AdminResponse.json(200, View.of(state.modes()))),
                AdminRoute.put(PATH, request -> {
                    ModeRule rule = new ModeChange(request.jsonObject(), places.get(), clock.instant()).rule();
                    try {
                        state.set(rule);
                    } catch (IOException e) {
                        throw ProblemException.of(500, "the mode was not changed: " + e.getMessage());
                    }
                    return AdminResponse.json(200, View.of(state.modes()));
                }));
    }

    private record View(String mode, List<RuleView> modes) {
        static View of(Modes modes) {
            String everywhere = modes.rules().stream()
                    .filter(rule -> rule.backend() == null && rule.route() == null)
                    .map(rule -> rule.mode().label())
                    .findFirst()
                    .orElse(Mode.NORMAL.label());
            return new View(everywhere, modes.rules().stream().map(RuleView::of).toList());
        }
    }

    private record RuleView(
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
