/** Certificates: what they say, how much of their life is left, and what is wrong with a chain, on disk and on the wire. */
@NullMarked
package dev.detour.health.certificate;

import org.jspecify.annotations.NullMarked;
