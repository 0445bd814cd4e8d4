/** Microbenchmarks of the pure pieces that every request passes. */
@NullMarked
package dev.detour.bench;

import org.jspecify.annotations.NullMarked;
