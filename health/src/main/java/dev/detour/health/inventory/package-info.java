/** What certificates there are, as far as it is known: looks at all sources put together, judged, and compared. */
@NullMarked
package dev.detour.health.inventory;

import org.jspecify.annotations.NullMarked;
