package dev.detour.health.certificate;

import org.jspecify.annotations.Nullable;

/**
 * What an operator has set instead of the {@linkplain LifetimeClass class's} own thresholds.
 *
 * @param warn null for that of the class
 * @param critical null for that of the class
 */
public record Thresholds(@Nullable Threshold warn, @Nullable Threshold critical) {
    /** Nothing is set: every certificate is judged by its class. */
    public static final Thresholds BY_CLASS = new Thresholds(null, null);
}
