/** PKI mounts of HashiCorp Vault and OpenBao, read from outside: what they have issued, how large their CRL is, and how they are set. */
@NullMarked
package dev.detour.health.vault;

import org.jspecify.annotations.NullMarked;
