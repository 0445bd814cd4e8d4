/** What mirrors must not serve although they have it: the operator's word, kept on disk and in force at once. */
@NullMarked
package dev.detour.mirror.tombstone;

import org.jspecify.annotations.NullMarked;
