package dev.detour.app.serve;

import dev.detour.admin.Readiness;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Whether a load balancer should send clients here: once every endpoint has been looked up and probed for the first time,
 * whatever came of it. A mirror that is unfit, like an endpoint that is down, is named, but taking the instance out of
 * service for it would turn a missing safety net into an outage.
 */
final class FirstLook {
    private final Supplier<List<String>> unexamined;
    private final Map<String, Mirror> mirrors;

    /**
     * A first look.
     *
     * @param unexamined what has not been looked up or probed yet; empty once all has
     */
    FirstLook(Supplier<List<String>> unexamined, Map<String, Mirror> mirrors) {
        this.unexamined = unexamined;
        this.mirrors = mirrors;
    }

    Readiness readiness() {
        List<String> reasons = new ArrayList<>();
        List<String> pending = unexamined.get();
        pending.forEach(endpoint -> reasons.add("endpoint " + endpoint + " has not been examined yet"));
        mirrors.forEach((name, mirror) -> {
            MirrorStatus status = mirror.status();
            if (!status.fit()) {
                reasons.add("mirror " + name + " is not fit to serve: " + status.detail());
            }
        });
        return new Readiness(pending.isEmpty(), reasons);
    }
}
