package dev.detour.app.demo;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The ready-made certificates of the demo index; {@code tls/make.sh} beside them says what each is. */
final class DemoTls {
    private final SslContext valid = context("valid");
    private final SslContext expired = context("expired");
    private final SslContext untrusted = context("untrusted");

    /** The identity that the server shows under this fault. */
    SslContext under(DemoFault fault) {
        return switch (fault) {
            case TLS_EXPIRED -> expired;
            case TLS_UNTRUSTED -> untrusted;
            case NONE, REFUSE, RESET, HANG, SLOW, STATUS_500, TRUNCATE -> valid;
        };
    }

    /** The certificate of the CA that clients of the demo trust, as PEM. */
    static byte[] authority() {
        try (InputStream pem = resource("ca.pem")) {
            return pem.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SslContext context(String name) {
        try (InputStream certificate = resource(name + ".pem");
                InputStream key = resource(name + ".key")) {
            // the JDK's own TLS, so that the index runs wherever a JDK does
            return SslContextBuilder.forServer(certificate, key)
                    .sslProvider(SslProvider.JDK)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) {
        InputStream stream = DemoTls.class.getResourceAsStream("tls/" + name);
        if (stream == null) {
            throw new IllegalStateException(
                    "resource: " + DemoTls.class.getPackageName().replace('.', '/') + "/tls/" + name
                            + " is missing (expected: beside the classes of the demo)");
        }
        return stream;
    }
}
