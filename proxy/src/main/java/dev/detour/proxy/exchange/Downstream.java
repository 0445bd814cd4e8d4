package dev.detour.proxy.exchange;

import io.netty.handler.codec.http.HttpObject;
import java.net.InetAddress;

/** The client's connection, as an {@link Exchange} sees it. Called on its event loop only. */
public interface Downstream {
    /** Writes a response head or a piece of its body; takes ownership. Nothing is sent before {@link #flush()}. */
    void write(HttpObject message);

    /** Sends what was written. */
    void flush();

    /** Whether more may be written without queueing much. */
    boolean isWritable();

    /** Pauses or resumes reading the request body. */
    void setReading(boolean on);

    /** Resets the connection: a response that cannot be completed must not look complete. */
    void abort();

    /**
     * The response is written to its end.
     *
     * @param persistent whether the next request may come over this connection
     */
    void onAnswered(boolean persistent);

    /** The client's address without port. */
    String clientAddress();

    /** The same as an address. */
    InetAddress address();

    /** Whether the client speaks TLS to us. */
    boolean secure();
}
