/** The shared cache of backends' answers (RFC 9111): what may be kept, for how long, and for whom. */
@NullMarked
package dev.detour.proxy.cache;

import org.jspecify.annotations.NullMarked;
