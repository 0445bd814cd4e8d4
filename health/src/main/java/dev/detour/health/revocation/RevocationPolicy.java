package dev.detour.health.revocation;

/**
 * What is done about certificates of which the CRLs do not tell. One that a CRL lists is refused always.
 *
 * @param refuseStale whether a certificate is refused whose issuer's CRLs are all past their next update
 * @param refuseUnknown whether a certificate is refused whose issuer has no CRL here
 */
public record RevocationPolicy(boolean refuseStale, boolean refuseUnknown) {
    /** Whether a certificate of this status may be used. */
    public boolean accepts(RevocationStatus status) {
        return switch (status) {
            case GOOD -> true;
            case REVOKED -> false;
            case STALE -> !refuseStale;
            case UNKNOWN -> !refuseUnknown;
        };
    }
}
