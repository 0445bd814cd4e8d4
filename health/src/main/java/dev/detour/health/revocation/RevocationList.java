package dev.detour.health.revocation;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One CRL whose signature was good, as far as it matters to a handshake. */
final class RevocationList {
    private final String issuer;
    private final @Nullable Instant nextUpdate;
    private final BigInteger[] sorted;

    RevocationList(String issuer, @Nullable Instant nextUpdate, BigInteger[] serials) {
        this.issuer = issuer;
        this.nextUpdate = nextUpdate;
        this.sorted = serials.clone();
        Arrays.sort(sorted);
    }

    /** In the notation of RFC 2253. */
    String issuer() {
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
