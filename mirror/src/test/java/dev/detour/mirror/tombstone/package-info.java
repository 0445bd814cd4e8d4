/** Tests of the bandersnatch tree, on trees built for each test. */
@NullMarked
package dev.detour.mirror.tombstone;

import org.jspecify.annotations.NullMarked;
