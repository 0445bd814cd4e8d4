package dev.detour.health.probe;

import io.netty.handler.ssl.SslContext;

/** A maker of TLS client contexts as the data path uses them, a new one for each probe. */
@FunctionalInterface
public interface SslContexts {
    /**
     * A new client context; the prober releases it. Only a new one is sure to do a full handshake: a context that is kept
     * resumes sessions, and a resumed session does not look at the certificate again (RFC 8446 section 2.2).
     *
     * <p>Called on a thread that may block, so it may read files.
     *
     * @throws Exception if our own certificate, key or trust file cannot be used; the message is shown to operators
     */
    SslContext fresh() throws Exception;
}
