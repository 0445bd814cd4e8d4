/** What tests need to misbehave on the wire, turn the clock and find leaks; knows no other module. */
@NullMarked
package dev.detour.testkit;

import org.jspecify.annotations.NullMarked;
