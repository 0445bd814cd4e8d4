package dev.detour.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A blocking client on loopback that sends bytes exactly as given and says how each response ended.
 *
 * <p>Responses are read one after the other from the same connection, so keep-alive and pipelining need nothing more
 * than another {@link #read}. Not thread-safe, except that one thread may send while another reads.
 */
public final class RawClient implements AutoCloseable {
    /** How much of a response body is kept, in bytes. */
    public static final int KEPT_BODY = 16 << 20;

    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(10);

    private final ObservedSocket raw;
    private final Socket socket;
    private final WireReader in;
    private final OutputStream out;

    private RawClient(ObservedSocket raw, Socket socket) throws IOException {
        this.raw = raw;
        this.socket = socket;
        this.in = new WireReader(socket.getInputStream());
        this.out = socket.getOutputStream();
        limit(DEFAULT_LIMIT);
    }

    /** Connects in clear to {@code 127.0.0.1:port}. */
    public static RawClient clear(int port) throws IOException {
        ObservedSocket raw = connect(port);
        return new RawClient(raw, raw);
    }

    /**
     * Connects and does the handshake; the certificate's path is verified as {@code context} says, its name is not.
     *
     * @param context whom to trust and which certificate to show; see {@link TestCertificates#clientContext}
     * @param serverName sent as SNI, or null to send none
     * @param protocols ALPN names offered; none: no ALPN
     */
    public static RawClient tls(int port, SSLContext context, @Nullable String serverName, String... protocols)
            throws IOException {
        ObservedSocket raw = connect(port);
        raw.setSoTimeout((int) DEFAULT_LIMIT.toMillis());
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(raw, null, port, true);
        SSLParameters parameters = secure.getSSLParameters();
        if (serverName != null) {
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
        }
        parameters.setApplicationProtocols(protocols);
        secure.setSSLParameters(parameters);
        try {
            secure.startHandshake();
        } catch (IOException e) {
            raw.close();
            throw e;
        }
        return new RawClient(raw, secure);
    }

    private static ObservedSocket connect(int port) throws IOException {
        ObservedSocket raw = new ObservedSocket();
        raw.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) DEFAULT_LIMIT.toMillis());
        raw.setTcpNoDelay(true);
        return raw;
    }

    /** Longest silence while reading, from now on; 10 s at first. */
    public RawClient limit(Duration silence) throws IOException {
        socket.setSoTimeout((int) Math.max(1, silence.toMillis()));
        return this;
    }

    /** The TLS session; without TLS an IllegalStateException. */
    public SSLSession session() {
        if (socket instanceof SSLSocket secure) {
            return secure.getSession();
        }
        throw new IllegalStateException("this connection has no TLS");
    }

    /** The protocol chosen by ALPN; empty if none; without TLS an IllegalStateException. */
    public String applicationProtocol() {
        if (socket instanceof SSLSocket secure) {
            return secure.getApplicationProtocol();
        }
        throw new IllegalStateException("this connection has no TLS");
    }

    /** Sends these bytes. */
    public RawClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Sends this text in ISO-8859-1; line ends as given. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends a minimal GET for {@code target} with further header lines, each {@code Name: value}. */
    public RawClient get(String target, String... headers) throws IOException {
        return request("GET", target, headers);
    }

    /** Sends a minimal request without a body. */
    public RawClient request(String method, String target, String... headers) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return send(head.append("\r\n").toString());
    }

    /** Sends {@code length} bytes of a repeating pattern without holding them. */
    public RawClient sendPattern(long length) throws IOException {
        byte[] pattern = "0123456789abcdef".repeat(4096).getBytes(StandardCharsets.ISO_8859_1);
        for (long left = length; left > 0; left -= pattern.length) {
            out.write(pattern, 0, (int) Math.min(left, pattern.length));
        }
        out.flush();
        return this;
    }

    /** Sends FIN (with TLS: close_notify) and keeps reading. */
    public RawClient finish() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads the response to a GET. */
    public RawResponse read() {
        return read("GET");
    }

    /**
     * Reads the next final response, with the 1xx before it; never throws for what the peer did: see
     * {@link RawResponse#end()}.
     *
     * @param method of the request answered: an answer to HEAD has no body
     */
    public RawResponse read(String method) {
        Reading reading = new Reading();
        RawResponse.End end;
        try {
            end = readInto(reading, method);
        } catch (SocketTimeoutException e) {
            end = RawResponse.End.TIMED_OUT;
        } catch (ProtocolException e) {
            end = RawResponse.End.MALFORMED;
        } catch (SocketException e) {
            end = RawResponse.End.RESET;
        } catch (IOException e) {
            end = e instanceof SSLException && e.getCause() instanceof SocketException
                    ? RawResponse.End.RESET
                    : RawResponse.End.TRUNCATED;
        }
        return new RawResponse(reading.statusLine, reading.headers, reading.interim, reading.body, end);
    }

    private RawResponse.End readInto(Reading reading, String method) throws IOException {
        while (true) {
            String line = in.line();
            if (line == null) {
                return RawResponse.End.NO_ANSWER;
            }
            reading.statusLine = line;
            int status = RawResponse.statusOf(line);
            if (status == 0) {
                throw new ProtocolException("status line: " + line);
            }
            List<Header> headers = in.headers();
            if (headers == null) {
                return RawResponse.End.TRUNCATED;
            }
            reading.headers = headers;
            boolean interim = status < 200 && status != 101;
            if (!interim) {
                return readBody(reading, method, status) ? RawResponse.End.COMPLETE : RawResponse.End.TRUNCATED;
            }
            reading.interim.add(new RawResponse(line, headers, List.of(), new BodyDigest(0), RawResponse.End.COMPLETE));
        }
    }

    private boolean readBody(Reading reading, String method, int status) throws IOException {
        if (method.equals("HEAD") || status == 204 || status == 304 || status == 101) {
            return true;
        }
        if (WireReader.isChunked(reading.headers)) {
            return in.chunked(reading.body);
        }
        long length = WireReader.contentLength(reading.headers);
        if (length >= 0) {
            return in.fixed(length, reading.body);
        }
        in.untilEnd(reading.body);
        return !endedWithoutCloseNotify();
    }

    /** Whether TCP ended but TLS did not: an attacker could have cut the body here. The JDK does not tell by itself. */
    private boolean endedWithoutCloseNotify() {
        return socket != raw && raw.ended;
    }

    /**
     * Whether the peer closed (FIN, close_notify or RST) without another byte, waiting at most the time limit.
     *
     * @return false if nothing happened within the time limit
     * @throws IOException if a line arrived instead
     */
    public boolean closedByPeer() throws IOException {
        try {
            String more = in.line();
            if (more != null) {
                throw new ProtocolException("unexpected line: " + more);
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException | SSLException e) {
            return true;
        }
    }

    /** Ends the connection with RST. */
    public void reset() {
        FakeConnection.resetQuietly(raw);
    }

    /** Ends the connection with FIN, without waiting for anything. */
    @Override
    public void close() throws IOException {
        raw.close();
    }

    /** A socket that remembers that TCP ended: with TLS, close_notify comes before that. */
    private static final class ObservedSocket extends Socket {
        private volatile boolean ended;

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    return note(super.read());
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    return note(super.read(bytes, offset, length));
                }

                private int note(int result) {
                    ended |= result < 0;
                    return result;
                }
            };
        }
    }

    /** What was read of one response so far. */
    private static final class Reading {
        private String statusLine = "";
        private List<Header> headers = List.of();
        private final List<RawResponse> interim = new ArrayList<>();
        private final BodyDigest body = new BodyDigest(KEPT_BODY);
    }
}
