/** The operator's wish, as distinct from measured health: modes and the rules that say where they hold. */
@NullMarked
package dev.detour.config.mode;

import org.jspecify.annotations.NullMarked;
