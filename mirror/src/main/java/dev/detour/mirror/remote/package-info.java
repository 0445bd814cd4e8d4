/** A tree that a static web server or bucket holds, served as if it were on the local disk. */
@NullMarked
package dev.detour.mirror.remote;

import org.jspecify.annotations.NullMarked;
