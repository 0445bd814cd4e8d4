/** Places where certificates are looked for again and again, and what a look at one of them yields. */
@NullMarked
package dev.detour.health.source;

import org.jspecify.annotations.NullMarked;
