package dev.detour.app.serve;

import dev.detour.admin.Readiness;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether a load balancer should send clients here: as soon as the listeners are open. A mirror that is unfit is named, but
 * taking the instance out of service for it would turn a missing safety net into an outage.
 */
final class MirrorReadiness {
    private final Map<String, Mirror> mirrors;

    MirrorReadiness(Map<String, Mirror> mirrors) {
        this.mirrors = mirrors;
    }

    Readiness readiness() {
        List<String> reasons = new ArrayList<>();
        mirrors.forEach((name, mirror) -> {
            MirrorStatus status = mirror.status();
            if (!status.fit()) {
                reasons.add("mirror " + name + " is not fit to serve: " + status.detail());
            }
        });
        return new Readiness(true, reasons);
    }
}
