package dev.detour.health.failure;

import dev.detour.health.tls.TlsReason;
import org.jspecify.annotations.Nullable;

/**
 * Why one attempt gave no answer: a value that is counted, logged and decided on, never thrown.
 *
 * @param kind what went wrong
 * @param tls why the handshake failed; present exactly when {@code kind} is {@link FailureKind#TLS}
 * @param status the answer's status when {@code kind} is {@link FailureKind#STATUS}, otherwise 0
 * @param detail one line for operators; never shown to clients
 */
public record Failure(FailureKind kind, @Nullable TlsReason tls, int status, String detail) {
    public Failure {
        if ((kind == FailureKind.TLS) != (tls != null)) {
            throw new IllegalArgumentException("tls: " + tls + " (expected: present exactly for kind TLS)");
        }
        if ((kind == FailureKind.STATUS) != (status != 0)) {
            throw new IllegalArgumentException("status: " + status + " (expected: non-zero exactly for kind STATUS)");
        }
    }

    /** A failure that needs nothing but its kind. */
    public static Failure of(FailureKind kind, String detail) {
        return new Failure(kind, null, 0, detail);
    }

    /** A failed handshake. */
    public static Failure tls(TlsReason reason, String detail) {
        return new Failure(FailureKind.TLS, reason, 0, detail);
    }

    /** An answer whose status says that the backend is broken. */
    public static Failure status(int status) {
        return new Failure(FailureKind.STATUS, null, status, "status " + status);
    }

    /** Low-cardinality label for metrics and the access log, such as {@code refused}, {@code tls_expired}, {@code status_503}. */
    public String label() {
        if (tls != null) {
            return "tls_" + tls.label();
        }
        return status != 0 ? "status_" + status : kind.label();
    }
}
