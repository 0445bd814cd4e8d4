/** Generations of a store as files that any web server or bucket can hand on, and copies that follow them. */
@NullMarked
package dev.detour.mirror.publish;

import org.jspecify.annotations.NullMarked;
