package dev.detour.health.revocation;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** One CRL whose signature was good, as far as it matters to a handshake. */
final class RevocationList {
    private final X500Principal issuer;
    private final @Nullable Instant nextUpdate;
    private final BigInteger[] sorted;

    RevocationList(X500Principal issuer, @Nullable Instant nextUpdate, BigInteger[] serials) {
        this.issuer = issuer;
        this.nextUpdate = nextUpdate;
        this.sorted = serials.clone();
        Arrays.sort(sorted);
    }

    X500Principal issuer() {
        return issuer;
    }

    int entries() {
        return sorted.length;
    }

    boolean lists(BigInteger serial) {
        return Arrays.binarySearch(sorted, serial) >= 0;
    }

    /** Whether its successor should have come; one that names no date for that is never stale. */
    boolean stale(Instant now) {
        return nextUpdate != null && nextUpdate.isBefore(now);
    }
}
