package dev.detour.health.finding;

import java.util.Locale;

/** What can be found wrong. The labels are relied on by those who route alarms. */
public enum Rule {
    /** A certificate should have been renewed by now. */
    CERTIFICATE_DUE,
    /** Half of the time in which it should have been renewed has passed as well. */
    CERTIFICATE_LATE,
    /** A certificate ends soon. */
    CERTIFICATE_CRITICAL,
    CERTIFICATE_EXPIRED,
    /** A certificate begins in the future: a clock is wrong, or it was installed too early. */
    CERTIFICATE_NOT_YET_VALID,
    /** A source of certificates or CRLs, or a part of it, cannot be looked at: what is there now is not known. */
    SOURCE_BLIND,
    /** Two certificates have the same labels, so that metrics can show only one. */
    COLLISION,
    /** A server shows a chain that clients should refuse. */
    CHAIN_DEFECT,
    /** A private key belongs to none of the certificates beside it. */
    KEY_MISMATCH,
    /** What is served is not what lies on the disk. */
    NOT_SERVED,
    /** Endpoints of one backend show different certificates. */
    DRIFT,
    /** All endpoints of a backend end within the same hour: there is nothing to fail over to. */
    EXPIRY_CLUSTER,
    CRL_STALE,
    /** A CRL's signature is not its issuer's. */
    CRL_SIGNATURE,
    /** A CRL is larger than what its store takes, or nearly so. */
    CRL_SIZE,
    /** A CRL will be too large for its store within a month. */
    CRL_FORECAST,
    /** A CRL would be too large if every live certificate were revoked at once. */
    CRL_SHOCK,
    /** A CRL's signature could not be checked. */
    CRL_UNCHECKED,
    /** Vault is set so that its CRL will outgrow its store, or go stale. */
    VAULT_SETTINGS,
    /** Vault's tidying has failed, or has not run for too long. */
    VAULT_TIDY;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in JSON, metrics and webhooks. */
    public String label() {
        return label;
    }
}
