/** The operator's wish over HTTP: what modes are in force, and changing them. */
@NullMarked
package dev.detour.admin.mode;

import org.jspecify.annotations.NullMarked;
