/** What operators decided, kept where a restart or another instance finds it again. */
@NullMarked
package dev.detour.fleet;

import org.jspecify.annotations.NullMarked;
