/** How much may be asked of a backend at a time, and by whom. */
@NullMarked
package dev.detour.health.overload;

import org.jspecify.annotations.NullMarked;
