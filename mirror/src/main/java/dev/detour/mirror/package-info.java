/** The static copy of an index that answers when the backend cannot. */
@NullMarked
package dev.detour.mirror;

import org.jspecify.annotations.NullMarked;
