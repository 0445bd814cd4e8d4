/** Attacks on what other users get out of the cache. */
@NullMarked
package dev.detour.proxy.poison;

import org.jspecify.annotations.NullMarked;
