/** Tests of the bandersnatch tree, on trees built for each test. */
@NullMarked
package dev.detour.mirror.tree;

import org.jspecify.annotations.NullMarked;
