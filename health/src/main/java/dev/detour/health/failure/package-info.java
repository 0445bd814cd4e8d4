/** The one taxonomy of what can go wrong with a backend. */
@NullMarked
package dev.detour.health.failure;

import org.jspecify.annotations.NullMarked;
