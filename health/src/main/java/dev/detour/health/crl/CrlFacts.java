package dev.detour.health.crl;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one X.509 CRL (RFC 5280 5) says of itself.
 *
 * @param issuer its name in the notation of RFC 2253, control characters made visible
 * @param thisUpdate when it was issued
 * @param nextUpdate when the next one is issued at the latest; null if it does not say
 * @param number which in the issuer's series; null if it does not say
 * @param authorityKey identifier of the key that signed it, in hexadecimal; null if it does not say
 * @param delta whether it only lists what was revoked since another
 * @param algorithm of the signature, by Java's name, or as a dotted object identifier
 * @param signature what became of the check
 * @param bytes of the whole in DER
 * @param entryBytes of all entries
 * @param entries how many certificates it lists
 * @param revocations when they were revoked
 */
public record CrlFacts(
        String issuer,
        Instant thisUpdate,
        @Nullable Instant nextUpdate,
        @Nullable BigInteger number,
        @Nullable String authorityKey,
        boolean delta,
        String algorithm,
        CrlSignature signature,
        long bytes,
        long entryBytes,
        long entries,
        Revocations revocations) {

    /** Bytes of an entry where none can be measured: a serial number of 20 bytes, a UTCTime and no reason. */
    public static final double USUAL_ENTRY = 39;

    /** Bytes of an entry in the mean. */
    public double meanEntry() {
        return entries == 0 ? USUAL_ENTRY : (double) entryBytes / entries;
    }

    /** Bytes of everything but the entries. */
    public long base() {
        return bytes - entryBytes;
    }

    /** Whether its successor should have come. */
    public boolean stale(Instant now) {
        return nextUpdate != null && nextUpdate.isBefore(now);
    }

    /**
     * How many entries are provably of expired certificates and could be pruned.
     *
     * <p>A certificate that was revoked longer ago than any lives has expired. An entry has to stay on one more CRL after
     * that (RFC 5280 3.3), so that one period of the CRL is added. There may be more: an entry does not tell when its
     * certificate expires.
     *
     * @param lifetime of the issuer's longest-lived certificates
     */
    public long unpruned(Duration lifetime) {
        Duration period = nextUpdate == null ? Duration.ZERO : Duration.between(thisUpdate, nextUpdate);
        return revocations.endedBefore(thisUpdate.minus(lifetime).minus(period.isNegative() ? Duration.ZERO : period));
    }

    /**
     * How large it would be if certificates went on being revoked as they are, right after their issue, and every entry
     * were pruned when its certificate expires: a store that takes less than this is outgrown, whatever the trend.
     *
     * @param lifetime of the issuer's longest-lived certificates
     * @return bytes
     */
    public long steadyState(Duration lifetime) {
        double days = lifetime.toSeconds() / (double) Duration.ofDays(1).toSeconds();
        double list = Math.ceil(revocations.perDay(thisUpdate) * days * meanEntry());
        return (long) (base() + list);
    }

    /**
     * How large it would be if every live certificate were revoked now, as a restart that finds their leases expired does.
     *
     * @param live certificates that are not revoked
     * @return bytes
     */
    public long shock(long live) {
        double added = Math.ceil(live * meanEntry());
        return added >= Long.MAX_VALUE - bytes ? Long.MAX_VALUE : bytes + (long) added;
    }
}
