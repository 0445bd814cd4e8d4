/** Active probes: is an endpoint fit to serve, asked over a fresh connection each time. */
@NullMarked
package dev.detour.health.probe;

import org.jspecify.annotations.NullMarked;
