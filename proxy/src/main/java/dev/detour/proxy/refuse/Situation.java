package dev.detour.proxy.refuse;

import org.jspecify.annotations.Nullable;

/**
 * What is true at the moment of a refusal.
 *
 * @param message the operator's sentence to show instead of the default one, or null
 * @param retryAfterSeconds when the breaker lets the next trial through; installers are told this, but 1 to 5
 * @param installs whether packages can be installed: the backend or a mirror serves pages and files
 * @param uploads whether uploads are accepted
 */
public record Situation(@Nullable String message, int retryAfterSeconds, boolean installs, boolean uploads) {}
