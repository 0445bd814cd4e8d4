/** The command line: what can be typed, what it prints, and the exit codes that scripts rely on. */
@NullMarked
package dev.detour.app.cli;

import org.jspecify.annotations.NullMarked;
