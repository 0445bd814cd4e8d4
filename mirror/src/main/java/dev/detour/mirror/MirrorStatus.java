package dev.detour.mirror;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fitness of a mirror: a copy that is too old, of unknown age, or without a project list is unfit, and says so before it
 * is needed.
 *
 * @param fit whether it may answer
 * @param age time since the copied state was taken from the backend, or null if unknown
 * @param detail why it is unfit, or a short description of the state
 */
public record MirrorStatus(boolean fit, @Nullable Duration age, String detail) {}
