/** An index that breaks under load as it is told to, and clients that ask at a constant rate and check every answer. */
@NullMarked
package dev.detour.testkit.load;

import org.jspecify.annotations.NullMarked;
