package dev.detour.health.revocation;

/** What the CRLs at hand say of a certificate. */
public enum RevocationStatus {
    /** A CRL of its issuer that is not stale does not list it. */
    GOOD,
    /** A CRL of its issuer lists it, stale or not. */
    REVOKED,
    /** Every CRL of its issuer is past its next update, and none lists it. */
    STALE,
    /** There is no CRL of its issuer. */
    UNKNOWN
}
