package dev.detour.admin.status;

import dev.detour.mirror.MirrorStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link MirrorStatus} as JSON.
 *
 * @param fit whether it may answer
 * @param ageSeconds time since its state was taken from the backend, or null if unknown
 * @param detail why it is unfit, or a short description
 */
record MirrorView(String mirror, boolean fit, @Nullable Long ageSeconds, String detail) {
    static List<MirrorView> of(Map<String, MirrorStatus> mirrors) {
        return new TreeMap<>(mirrors)
                .entrySet().stream()
                        .map(entry -> of(entry.getKey(), entry.getValue()))
                        .toList();
    }

    private static MirrorView of(String name, MirrorStatus status) {
        Duration age = status.age();
        return new MirrorView(name, status.fit(), age == null ? null : age.toSeconds(), status.detail());
    }
}
