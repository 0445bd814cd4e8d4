/** The operator's wish, as distinct from measured health: modes, the rules that say where they hold, and drained endpoints. */
@NullMarked
package dev.detour.config.mode;

import org.jspecify.annotations.NullMarked;
