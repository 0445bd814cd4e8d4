package dev.detour.health.certificate;

import java.util.Locale;

/**
 * A source, or a part of one, that could not be looked at: where, what was found, and what was expected.
 *
 * @param source the file as it was asked for, the address, or what else it is known by
 */
public record SourceProblem(Kind kind, String source, String found, String expected) {
    /** The fixed list of what can be in the way; the labels are those of {@code detour_cert_source_errors_total}. */
    public enum Kind {
        /** It is not there. */
        MISSING,
        /** It is there, and may not be read or fails while it is. */
        UNREADABLE,
        /** It is not what it should be, or only a part of it. */
        MALFORMED,
        /** There is nothing in it that could be watched. */
        EMPTY,
        /** It does not open with the password there is. */
        PASSWORD,
        /** A private key belongs to none of the certificates beside it. */
        KEY_MISMATCH,
        TOO_LARGE,
        /** Nobody answers there. */
        UNREACHABLE,
        TIMEOUT,
        /** TLS with it fails before it shows a certificate. */
        HANDSHAKE,
        /** It answers that we may not see it. */
        DENIED,
        /** A Vault that is sealed. */
        SEALED,
        /** It answers with an error of its own. */
        REFUSED;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The name used in metrics and JSON. */
        public String label() {
            return label;
        }
    }

    @Override
    public String toString() {
        return source + ": " + found + " (expected: " + expected + ")";
    }
}
