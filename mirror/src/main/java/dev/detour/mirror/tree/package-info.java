/** A bandersnatch tree on disk, served as it is. */
@NullMarked
package dev.detour.mirror.tree;

import org.jspecify.annotations.NullMarked;
