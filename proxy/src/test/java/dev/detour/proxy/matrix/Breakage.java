package dev.detour.proxy.matrix;

import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.Greeting;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A row of the matrix: one way in which a backend fails. The labels are those of the page. */
enum Breakage {
    REFUSED("connection refused", (backend, column) -> backend.refuse()),
    UNREACHABLE("network unreachable", Place.UNREACHABLE),
    BLACKHOLE("SYN black hole", Place.BLACKHOLE),
    NO_SUCH_NAME("DNS failure", Place.NO_SUCH_NAME),

    RESET("reset before the head", column -> Answer.resetBeforeHead()),
    CLOSED("closed before the head", column -> Answer.closeBeforeHead()),
    HANG("hang before the head", column -> Answer.hang()),
    DRIP_HEAD("drip of the head", column -> Scripts.drip(column.head("Content-Length: 2") + "ok", 0, 8)),
    STATUS_500("status 500", column -> Answer.status(500)),
    STATUS_502("status 502", column -> Answer.status(502)),
    STATUS_503("status 503", column -> Answer.status(503)),
    STATUS_504("status 504", column -> Answer.status(504)),
    MALFORMED("malformed head", column -> Answer.garbage()),
    WRONG_TYPE("wrong Content-Type", column -> Answer.status(200, "text/plain", "we will be back soon")),
    EMPTY("empty 200, with length", column -> Answer.raw(column.head("Content-Length: 0"))),
    EMPTY_CHUNKED("empty 200, chunked", column -> Answer.raw(column.head("Transfer-Encoding: chunked") + "0\r\n\r\n")),

    RESET_HELD("reset inside a short body", column -> Scripts.reset(Scripts.begun(column, Scripts.SHORT))),
    RESET_STREAMED("reset inside a long body", column -> Scripts.reset(Scripts.begun(column, Scripts.LONG))),
    HANG_HELD("hang inside a short body", column -> Answer.hangAfter(Scripts.begun(column, Scripts.SHORT))),
    HANG_STREAMED("hang inside a long body", column -> Answer.hangAfter(Scripts.begun(column, Scripts.LONG))),
    DRIP_HELD("drip of a short body", column -> Scripts.dripBody(column, Scripts.SHORT)),
    DRIP_STREAMED("drip of a long body", column -> Scripts.dripBody(column, Scripts.LONG)),
    TRUNCATED_HELD("short body truncated", column -> Answer.closeAfter(Scripts.begun(column, Scripts.SHORT))),
    TRUNCATED_STREAMED("long body truncated", column -> Answer.closeAfter(Scripts.begun(column, Scripts.LONG))),
    TRUNCATED_CHUNKED_HELD(
            "short chunked body truncated",
            column -> Answer.closeAfter(column.head("Transfer-Encoding: chunked") + "4\r\npart\r\n")),
    TRUNCATED_CHUNKED_STREAMED(
            "long chunked body truncated",
            column -> Answer.closeAfter(column.head("Transfer-Encoding: chunked") + Integer.toHexString(Scripts.LONG)
                    + "\r\n" + "x".repeat(Scripts.LONG) + "\r\n")),

    EXPIRED("certificate expired", Identities.EXPIRED),
    EXPIRED_INTERMEDIATE("intermediate certificate expired", Identities.EXPIRED_INTERMEDIATE),
    NOT_YET_VALID("certificate not yet valid", Identities.NOT_YET_VALID),
    UNTRUSTED("certificate of another authority", Identities.UNTRUSTED),
    SELF_SIGNED("certificate self-signed", Identities.SELF_SIGNED),
    MISSING_INTERMEDIATE("intermediate certificate missing", Identities.MISSING_INTERMEDIATE),
    WRONG_HOST("certificate for another host", Identities.WRONG_HOST),
    WRONG_USAGE("certificate for clients only", Identities.WRONG_USAGE),
    WEAK_KEY("certificate with a weak key", Identities.WEAK_KEY, Scripts.protocol("TLSv1.2")),
    WEAK_INTERMEDIATE("intermediate certificate with a weak key", Identities.WEAK_INTERMEDIATE),
    CLIENT_CERTIFICATE_12("client certificate missing, TLS 1.2", Identities.GOOD, Scripts.clientCertificate("TLSv1.2")),
    CLIENT_CERTIFICATE_13("client certificate missing, TLS 1.3", Identities.GOOD, Scripts.clientCertificate("TLSv1.3")),
    PROTOCOL("no common TLS version", Greeting.PROTOCOL_ALERT),
    CIPHER("no common cipher", Identities.GOOD, Scripts::oneRareCipher),
    HANDSHAKE_HANG("hang in the handshake", Greeting.HANG),
    HANDSHAKE_CLOSED("closed in the handshake", Greeting.CLOSE_AFTER_FIRST_BYTES),
    HANDSHAKE_RESET("reset in the handshake", Greeting.RESET_AFTER_FIRST_BYTES),
    PLAINTEXT("clear text instead of TLS", Greeting.PLAINTEXT),
    GARBAGE("garbage instead of TLS", Greeting.GARBAGE);

    /** Where the failing backend is. */
    enum Place {
        /** A real one. */
        LOOPBACK,
        UNREACHABLE,
        BLACKHOLE,
        NO_SUCH_NAME
    }

    private final String label;
    private final boolean tlsOnly;
    private final Place place;

    // scripts that hold no state
    @SuppressWarnings("ImmutableEnumChecker")
    private final BiConsumer<FakeBackend, ApiColumn> breaking;

    Breakage(String label, boolean tlsOnly, Place place, BiConsumer<FakeBackend, ApiColumn> breaking) {
        this.label = label;
        this.tlsOnly = tlsOnly;
        this.place = place;
        this.breaking = breaking;
    }

    Breakage(String label, Place place) {
        this(label, false, place, (backend, column) -> {});
    }

    Breakage(String label, BiConsumer<FakeBackend, ApiColumn> breaking) {
        this(label, false, Place.LOOPBACK, breaking);
    }

    Breakage(String label, Function<ApiColumn, Answer> answer) {
        this(label, (backend, column) -> backend.answer(answer.apply(column)));
    }

    Breakage(String label, Greeting greeting) {
        this(label, true, Place.LOOPBACK, (backend, column) -> backend.greet(greeting));
    }

    Breakage(String label, SSLContext shown) {
        this(label, shown, settings -> {});
    }

    Breakage(String label, SSLContext shown, Consumer<SSLParameters> settings) {
        this(label, true, Place.LOOPBACK, (backend, column) -> backend.shakeHands(shown, settings));
    }

    /** The name of the row. */
    String label() {
        return label;
    }

    /** Whether only a backend with TLS can fail so. */
    boolean tlsOnly() {
        return tlsOnly;
    }

    /** Whether it is about a limit in time, which is short then. */
    boolean timed() {
        return switch (this) {
            case BLACKHOLE, NO_SUCH_NAME, HANDSHAKE_HANG, HANG, DRIP_HEAD -> true;
            case HANG_HELD, HANG_STREAMED, DRIP_HELD, DRIP_STREAMED -> true;
            default -> false;
        };
    }

    Place place() {
        return place;
    }

    /** Breaks a backend that is asked what {@code column} asks. */
    void befall(FakeBackend backend, ApiColumn column) {
        breaking.accept(backend, column);
    }

    /** The answers and handshakes of the rows. */
    private static final class Scripts {
        /** A body that is held until it is complete, and one that is not: see {@link Trial#HOLD_UP_TO}. */
        static final int SHORT = 400;

        static final int LONG = 4000;

        private static final Duration DRIP_PAUSE = Duration.ofMillis(45);
        private static final int DRIPS = 9;
        /** Long enough for what was sent before it to be read. */
        private static final Duration BEFORE_RESET = Duration.ofMillis(30);

        private Scripts() {}

        /** A head and half of the body that it announces. */
        static String begun(ApiColumn column, int length) {
            return column.head("Content-Length: " + length) + "x".repeat(length / 2);
        }

        static Answer reset(String text) {
            return wire -> {
                wire.send(text);
                wire.pause(BEFORE_RESET);
                wire.reset();
            };
        }

        static Answer dripBody(ApiColumn column, int length) {
            String head = column.head("Content-Length: " + length);
            return drip(head + "x".repeat(length), head.length(), (length + DRIPS - 1) / DRIPS);
        }

        /** The first {@code atOnce} bytes, then {@code step} bytes at a time. */
        static Answer drip(String text, int atOnce, int step) {
            Answer rest = Answer.drip(text.substring(atOnce), step, DRIP_PAUSE);
            return wire -> {
                wire.send(text.substring(0, atOnce));
                rest.play(wire);
            };
        }

        static Consumer<SSLParameters> protocol(String version) {
            return settings -> settings.setProtocols(new String[] {version});
        }

        static Consumer<SSLParameters> clientCertificate(String version) {
            return settings -> {
                settings.setProtocols(new String[] {version});
                settings.setNeedClientAuth(true);
            };
        }

        /** One that Netty does not offer, because it is no AEAD. */
        static void oneRareCipher(SSLParameters settings) {
            settings.setProtocols(new String[] {"TLSv1.2"});
            settings.setCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"});
        }
    }
}
