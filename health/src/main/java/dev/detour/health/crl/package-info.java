/** Certificate revocation lists: how large they are, how large they will be, and whether they are what they claim to be. */
@NullMarked
package dev.detour.health.crl;

import org.jspecify.annotations.NullMarked;
