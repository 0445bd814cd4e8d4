package dev.detour.health.tls;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A fatal alert the peer sent (RFC 8446 section 6), as far as reasons differ. */
enum Alert {
    UNEXPECTED_MESSAGE(10, TlsReason.BAD_RECORD),
    BAD_RECORD_MAC(20, TlsReason.BAD_RECORD),
    RECORD_OVERFLOW(22, TlsReason.BAD_RECORD),
    HANDSHAKE_FAILURE(40, TlsReason.CIPHER),
    BAD_CERTIFICATE(42, TlsReason.CLIENT_CERT_REJECTED),
    UNSUPPORTED_CERTIFICATE(43, TlsReason.CLIENT_CERT_REJECTED),
    CERTIFICATE_REVOKED(44, TlsReason.CLIENT_CERT_REJECTED),
    CERTIFICATE_EXPIRED(45, TlsReason.CLIENT_CERT_REJECTED),
    CERTIFICATE_UNKNOWN(46, TlsReason.CLIENT_CERT_REJECTED),
    UNKNOWN_CA(48, TlsReason.CLIENT_CERT_REJECTED),
    ACCESS_DENIED(49, TlsReason.CLIENT_CERT_REJECTED),
    DECODE_ERROR(50, TlsReason.BAD_RECORD),
    DECRYPT_ERROR(51, TlsReason.BAD_RECORD),
    PROTOCOL_VERSION(70, TlsReason.PROTOCOL_VERSION),
    INSUFFICIENT_SECURITY(71, TlsReason.CIPHER),
    CERTIFICATE_REQUIRED(116, TlsReason.CLIENT_CERT_REJECTED),
    NO_APPLICATION_PROTOCOL(120, TlsReason.ALPN);

    private static final Pattern JDK = Pattern.compile("fatal alert: ([a-z_]+)");
    private static final Pattern BORINGSSL = Pattern.compile("error:([0-9a-fA-F]{8}):");
    /** BoringSSL reports a received alert as reason 1000 + its number. */
    private static final int BORINGSSL_BASE = 1000;

    private final int number;
    private final TlsReason reason;

    Alert(int number, TlsReason reason) {
        this.number = number;
        this.reason = reason;
    }

    TlsReason reason() {
        return reason;
    }

    /** The alert that a message of the JDK or of BoringSSL names, or null if it names none known here. */
    static @Nullable Alert in(@Nullable String message) {
        if (message == null) {
            return null;
        }
        Matcher jdk = JDK.matcher(message);
        if (jdk.find()) {
            return named(jdk.group(1));
        }
        Matcher boringssl = BORINGSSL.matcher(message);
        return boringssl.find()
                ? numbered((Integer.parseUnsignedInt(boringssl.group(1), 16) & 0xfff) - BORINGSSL_BASE)
                : null;
    }

    private static @Nullable Alert named(String name) {
        for (Alert alert : values()) {
            if (alert.label().equals(name)) {
                return alert;
            }
        }
        return null;
    }

    private static @Nullable Alert numbered(int number) {
        for (Alert alert : values()) {
            if (alert.number == number) {
                return alert;
            }
        }
        return null;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
