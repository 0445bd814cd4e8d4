package dev.detour.health.tls;

import java.util.Locale;

/** Why a TLS connection to a backend failed. The labels are those of {@code detour_tls_handshake_failures_total}. */
public enum TlsReason {
    EXPIRED,
    NOT_YET_VALID,
    UNTRUSTED,
    HOSTNAME_MISMATCH,
    WRONG_USAGE,
    WEAK_ALGORITHM,
    REVOKED,
    REVOCATION_UNKNOWN,
    PROTOCOL_VERSION,
    CIPHER,
    ALPN,
    CLIENT_CERT_REJECTED,
    TIMEOUT,
    CLOSED,
    RESET,
    PLAINTEXT,
    BAD_RECORD,
    REFUSED,
    OTHER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /**
     * Whether every further connection fails as well until somebody changes a certificate or a setting. The others, such as
     * a timeout or a revocation list that cannot be fetched, may be gone at the next try.
     */
    public boolean deterministic() {
        return switch (this) {
            case EXPIRED,
                    NOT_YET_VALID,
                    UNTRUSTED,
                    HOSTNAME_MISMATCH,
                    WRONG_USAGE,
                    WEAK_ALGORITHM,
                    REVOKED,
                    PROTOCOL_VERSION,
                    CIPHER,
                    ALPN,
                    CLIENT_CERT_REJECTED,
                    PLAINTEXT -> true;
            case REVOCATION_UNKNOWN, TIMEOUT, CLOSED, RESET, BAD_RECORD, REFUSED, OTHER -> false;
        };
    }

    /** The name used in metrics, logs and the admin API. */
    public String label() {
        return label;
    }
}
