/** What a running instance watches beside traffic: certificates and revocation lists, and who is told of them. */
@NullMarked
package dev.detour.app.watch;

import org.jspecify.annotations.NullMarked;
