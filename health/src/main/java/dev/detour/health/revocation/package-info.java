/** Which server certificates were revoked, known in memory: nothing is read or fetched while a handshake waits. */
@NullMarked
package dev.detour.health.revocation;

import org.jspecify.annotations.NullMarked;
