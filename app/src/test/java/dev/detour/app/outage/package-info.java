/** What clients see, and how soon, while the index is broken and when it heals. */
@NullMarked
package dev.detour.app.outage;

import org.jspecify.annotations.NullMarked;
