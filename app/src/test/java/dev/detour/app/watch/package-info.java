/** What a running instance says of certificates and revocation lists. */
@NullMarked
package dev.detour.app.watch;

import org.jspecify.annotations.NullMarked;
