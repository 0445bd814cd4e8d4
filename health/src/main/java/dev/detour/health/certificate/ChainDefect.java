package dev.detour.health.certificate;

import dev.detour.health.tls.TlsReason;
import java.util.Locale;

/**
 * One thing that is wrong with a chain.
 *
 * @param index of the certificate in the chain as sent; 0 is the leaf
 * @param detail one line in words, with names made printable
 */
public record ChainDefect(Kind kind, int index, String detail) {
    /** What can be wrong. */
    public enum Kind {
        EXPIRED(TlsReason.EXPIRED),
        NOT_YET_VALID(TlsReason.NOT_YET_VALID),
        HOSTNAME_MISMATCH(TlsReason.HOSTNAME_MISMATCH),
        /** The chain ends at an authority that is not trusted, or is not a valid path to one that is. */
        UNTRUSTED(TlsReason.UNTRUSTED),
        /** The chain ends before any authority: who issued the last one is neither sent along nor trusted. */
        MISSING_INTERMEDIATE(TlsReason.UNTRUSTED),
        WEAK_KEY(TlsReason.WEAK_ALGORITHM),
        WEAK_SIGNATURE(TlsReason.WEAK_ALGORITHM),
        WRONG_USAGE(TlsReason.WRONG_USAGE),
        /** Each certificate should be followed by its issuer (RFC 5246 section 7.4.2); some clients insist. */
        OUT_OF_ORDER(TlsReason.OTHER);

        private final TlsReason reason;
        private final String label = name().toLowerCase(Locale.ROOT);

        Kind(TlsReason reason) {
            this.reason = reason;
        }

        /** What a handshake that fails for this would be counted as. */
        public TlsReason reason() {
            return reason;
        }

        /** The name used in metrics and JSON. */
        public String label() {
            return label;
        }
    }
}
