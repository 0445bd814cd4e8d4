package dev.detour.app.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A way in which the demo index can be broken; {@link #NONE} is the healthy state. */
public enum DemoFault {
    /** Answers as a healthy index does. */
    NONE("heal", "answers normally"),
    /** Shows a certificate of the right CA that expired on 2021-04-05. */
    TLS_EXPIRED("tls-expired", "shows a certificate that expired on 2021-04-05"),
    /** Shows a certificate for the right names from a CA that the demo does not trust. */
    TLS_UNTRUSTED("tls-untrusted", "shows a certificate of a CA that nobody trusts"),
    /** Does not listen, so that connecting fails at once. */
    REFUSE("refuse", "refuses connections"),
    /** Finishes the handshake and resets the connection when the request arrives. */
    RESET("reset", "resets the connection when the request arrives"),
    /** Reads the request and never answers. */
    HANG("hang", "reads the request and never answers"),
    /** Sends the response head at once and then one byte of the body a second. */
    SLOW("slow", "sends one byte of the body a second"),
    /** Answers every request with status 500 and an HTML page. */
    STATUS_500("500", "answers with status 500"),
    /** Promises the whole body, sends half of it, and closes. */
    TRUNCATE("truncate", "sends half of the body and closes");

    private final String label;
    private final String effect;

    DemoFault(String label, String effect) {
        this.label = label;
        this.effect = effect;
    }

    /** The word for this fault on the command line, e.g. {@code tls-expired}. */
    public String label() {
        return label;
    }

    /** What the index does under this fault, as the end of the sentence "the index …". */
    public String effect() {
        return effect;
    }

    /** Whether this fault shows in the TLS handshake and so needs a server that speaks TLS. */
    public boolean needsTls() {
        return this == TLS_EXPIRED || this == TLS_UNTRUSTED;
    }

    /**
     * The fault with this label, whatever its case.
     *
     * @throws IllegalArgumentException if there is none; the message lists the labels
     */
    public static DemoFault parse(String label) {
        String wanted = label.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(fault -> fault.label.equals(wanted))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("fault: " + label + " (expected: one of " + labels() + ")"));
    }

    private static String labels() {
        return Arrays.stream(values()).map(DemoFault::label).collect(Collectors.joining(", "));
    }
}
