/** What an operator types, and what the program does about it: the real commands against the whole program. */
@NullMarked
package dev.detour.app.commands;

import org.jspecify.annotations.NullMarked;
