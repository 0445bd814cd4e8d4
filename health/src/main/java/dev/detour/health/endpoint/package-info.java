/** The measured health of single endpoints: what probes and live traffic say about each. */
@NullMarked
package dev.detour.health.endpoint;

import org.jspecify.annotations.NullMarked;
