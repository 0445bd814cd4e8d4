package dev.detour.testkit;

import java.io.IOException;
import java.time.Duration;

/** The connection as a script of {@link Answer} sees it. */
public interface Wire {
    /** The request to answer. */
    RequestHead request();

    /** Sends bytes and flushes them. */
    void send(byte[] bytes) throws IOException;

    /** Sends text in ISO-8859-1 and flushes it. */
    void send(String text) throws IOException;

    /** Sends {@code length} bytes of a repeating pattern. */
    void sendPattern(long length) throws IOException;

    /** Waits; returns early when the backend is closed. */
    void pause(Duration pause) throws IOException;

    /** Sends nothing more, but keeps the connection until the peer closes it or the backend is closed. */
    void hang() throws IOException;

    /** Ends the connection with RST, below TLS if there is TLS. */
    void reset() throws IOException;

    /** Ends the connection with FIN, without a TLS close_notify: as a process that died does. */
    void close() throws IOException;
}
