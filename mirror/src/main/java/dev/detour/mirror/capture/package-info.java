/** Answers of the backend that pass through, taken for the mirror. */
@NullMarked
package dev.detour.mirror.capture;

import org.jspecify.annotations.NullMarked;
