/** When traffic leaves a backend, and when it may come back. */
@NullMarked
package dev.detour.health.breaker;

import org.jspecify.annotations.NullMarked;
