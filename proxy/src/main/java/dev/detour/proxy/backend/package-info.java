/** What all event loops share about a backend: its endpoints, their health, its breaker and its limits. */
@NullMarked
package dev.detour.proxy.backend;

import org.jspecify.annotations.NullMarked;
