/** Mirrors over HTTP: what they must not serve. */
@NullMarked
package dev.detour.admin.mirror;

import org.jspecify.annotations.NullMarked;
