/** The program: its entry point, and what ties the other packages together. */
@NullMarked
package dev.detour.app;

import org.jspecify.annotations.NullMarked;
