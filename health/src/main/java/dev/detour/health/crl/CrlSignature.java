package dev.detour.health.crl;

/** What became of the check of a CRL's signature. */
public enum CrlSignature {
    /** One of the given issuers signed these bytes. */
    GOOD,
    /** A given certificate has the issuer's name, and its key did not sign these bytes. */
    BAD,
    /** No given certificate has the issuer's name and key identifier: nothing was checked. */
    NO_ISSUER,
    /** The algorithm is broken, unknown, or (Ed25519 over 4 MiB) cannot be checked in little memory: nothing was checked. */
    UNSUPPORTED
}
