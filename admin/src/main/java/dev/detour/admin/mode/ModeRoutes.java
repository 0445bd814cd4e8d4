package dev.detour.admin.mode;

import dev.detour.admin.AdminResponse;
import dev.detour.admin.AdminRoute;
import dev.detour.admin.ProblemException;
import dev.detour.config.mode.ModeRule;
import dev.detour.fleet.OperatorState;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/** {@code GET} and {@code PUT /api/v1/mode}. */
public final class ModeRoutes {
    private static final String PATH = "/api/v1/mode";

    private ModeRoutes() {}

    /** Both routes; {@code places} is asked at every change, so that a reload of the configuration counts at once. */
    public static List<AdminRoute> of(OperatorState state, Supplier<Places> places, Clock clock) {
        return List.of(
                AdminRoute.get(PATH, request -> AdminResponse.json(200, ModesView.of(state.modes()))),
                AdminRoute.put(PATH, request -> {
                    ModeRule rule = new ModeChange(request.jsonObject(), places.get(), clock.instant()).rule();
                    try {
                        state.set(rule);
                    } catch (IOException e) {
                        throw ProblemException.of(500, "the mode was not changed: " + e.getMessage());
                    }
                    return AdminResponse.json(200, ModesView.of(state.modes()));
                }));
    }
}
