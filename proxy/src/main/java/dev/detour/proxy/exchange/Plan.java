package dev.detour.proxy.exchange;

import dev.detour.config.ApiClass;
import dev.detour.config.Fallback;
import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.capture.CaptureSink;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.refuse.RefusalCause;
import dev.detour.proxy.route.Route;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything known beforehand about requests of one route.
 *
 * @param route the route
 * @param backend who answers
 * @param mirror what {@code mirror} in the route's fallback means, or null
 * @param capture who copies what the backend answers, for that mirror; null for nobody
 * @param mode the operator's wish for this route, or null for normal
 * @param load how early it is turned away from a busy backend
 * @param deadlineNanos until an answer must have begun, 0 for no limit
 * @param divertNanos until a fallback is tried beside the backend, 0 for never
 * @param caches whether answers are kept: those of routes that may fall back on them
 */
public record Plan(
        Route route,
        Backend backend,
        @Nullable Mirror mirror,
        @Nullable CaptureSink capture,
        @Nullable ModeRule mode,
        LoadClass load,
        long deadlineNanos,
        long divertNanos,
        boolean caches) {

    static Plan of(Route route, Backend backend, @Nullable Mirror mirror, @Nullable CaptureSink capture) {
        Duration deadline =
                route.deadline() != null ? route.deadline() : backend.config().deadline();
        Duration divert = route.divertAfter() != null
                ? route.divertAfter()
                : backend.config().divertAfter();
        return new Plan(
                route,
                backend,
                mirror,
                capture,
                null,
                LoadClass.of(route.api()),
                Objects.requireNonNullElse(deadline, Duration.ZERO).toNanos(),
                Objects.requireNonNullElse(divert, Duration.ZERO).toNanos(),
                route.fallback().contains(Fallback.STALE));
    }

    Plan with(@Nullable ModeRule changed) {
        return new Plan(route, backend, mirror, capture, changed, load, deadlineNanos, divertNanos, caches);
    }

    ApiClass api() {
        return route.api();
    }

    /** Why the operator wants such a request refused, or null if it may be answered. */
    @Nullable RefusalCause forbids(HttpMethod method) {
        boolean writes = route.writes(method);
        return switch (inForce()) {
            case OFFLINE -> RefusalCause.OFFLINE;
            case READ_ONLY -> writes ? RefusalCause.READ_ONLY : null;
            case DIVERT -> writes ? RefusalCause.DIVERTED_WRITE : null;
            case NORMAL -> null;
        };
    }

    /** Whether the operator wants the backend to be left alone. */
    boolean diverted() {
        return inForce() == Mode.DIVERT;
    }

    private Mode inForce() {
        return mode == null ? Mode.NORMAL : mode.mode();
    }
}
