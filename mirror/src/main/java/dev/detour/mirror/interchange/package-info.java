/** Copies of an index that come from elsewhere and go elsewhere: trees of files, and files of pages. */
@NullMarked
package dev.detour.mirror.interchange;

import org.jspecify.annotations.NullMarked;
