/** A running Detour: every module wired together, from start to stop. */
@NullMarked
package dev.detour.app.serve;

import org.jspecify.annotations.NullMarked;
