package dev.detour.testkit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One accepted connection of {@link FakeBackend}: reads requests and plays their answers until one of them ends it. */
final class FakeConnection {
    private static final byte[] PATTERN = "0123456789abcdef".repeat(4096).getBytes(StandardCharsets.ISO_8859_1);

    private final FakeBackend backend;
    private final Socket raw;
    private final int number;
    private final Greeting greeting;

    FakeConnection(FakeBackend backend, Socket raw, int number, Greeting greeting) {
        this.backend = backend;
        this.raw = raw;
        this.number = number;
        this.greeting = greeting;
    }

    void run(FakeBackend.@Nullable Handshake handshake) {
        try {
            raw.setTcpNoDelay(true);
            if (greeting == Greeting.SERVE) {
                serve(handshake == null ? raw : shakeHands(handshake));
            } else {
                misgreet();
            }
        } catch (IOException e) {
            // the peer went away or the script ended the connection: both are ordinary here
        }
    }

    private Socket shakeHands(FakeBackend.Handshake handshake) throws IOException {
        SSLSocket secure =
                (SSLSocket) handshake.context().getSocketFactory().createSocket(raw, "127.0.0.1", raw.getPort(), true);
        secure.setUseClientMode(false);
        SSLParameters parameters = secure.getSSLParameters();
        handshake.settings().accept(parameters);
        secure.setSSLParameters(parameters);
        try {
            secure.startHandshake();
            return secure;
        } catch (IOException e) {
            backend.handshakeFailed(e);
            throw e;
        }
    }

    private void misgreet() throws IOException {
        switch (greeting) {
            case RESET -> resetQuietly(raw);
            case RESET_AFTER_FIRST_BYTES -> {
                awaitFirstBytes();
                resetQuietly(raw);
            }
            case CLOSE_AFTER_FIRST_BYTES -> awaitFirstBytes();
            case HANG -> drain(raw);
            case PROTOCOL_ALERT -> sayAndDrain("\u0015\u0003\u0001\u0000\u0002\u0002F");
            case PLAINTEXT -> sayAndDrain("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            case GARBAGE -> sayAndDrain("\u00ff\u00fe\u00fdnot a protocol anyone speaks\u0000\u0001\u0002");
            case CLOSE, SERVE -> {
                // CLOSE: the caller closes; SERVE never comes here
            }
        }
    }

    private void sayAndDrain(String text) throws IOException {
        awaitFirstBytes();
        raw.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        raw.shutdownOutput();
        drain(raw);
    }

    /** Reads all the peer sent in its first burst: closing with unread bytes would turn FIN into RST. */
    private void awaitFirstBytes() throws IOException {
        byte[] burst = new byte[1 << 16];
        int n = raw.getInputStream().read(burst);
        if (n < 0) {
            throw new IOException("the peer said nothing");
        }
    }

    private void serve(Socket socket) throws IOException {
        WireReader in = new WireReader(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        String serverName = serverName(socket);
        boolean open = true;
        while (open) {
            RequestHead head = readHead(in, serverName);
            open = head != null && exchange(head, in, new Script(head, socket, out));
        }
    }

    private @Nullable RequestHead readHead(WireReader in, @Nullable String serverName) throws IOException {
        String line = in.line();
        List<Header> headers = line == null ? null : in.headers();
        if (line == null || headers == null) {
            return null;
        }
        String[] words = (line + "   ").split(" ", 4);
        return new RequestHead(number, words[0], words[1], words[2], headers, serverName);
    }

    /** Says whether the connection goes on. */
    private boolean exchange(RequestHead head, WireReader in, Script script) throws IOException {
        Answer answer = backend.begun(head);
        if (answer.beforeBody()) {
            answer.play(script);
            return !script.ended && readBody(head, in) && !asksToClose(head);
        }
        if ("100-continue".equalsIgnoreCase(head.header("expect"))) {
            script.send("HTTP/1.1 100 Continue\r\n\r\n");
        }
        if (!readBody(head, in)) {
            return false;
        }
        answer.play(script);
        return !script.ended && !asksToClose(head);
    }

    private boolean readBody(RequestHead head, WireReader in) throws IOException {
        BodyDigest body = new BodyDigest(FakeBackend.KEPT_BODY);
        boolean complete = false;
        try {
            complete = WireReader.isChunked(head.headers())
                    ? in.chunked(body)
                    : in.fixed(Math.max(0, WireReader.contentLength(head.headers())), body);
        } finally {
            String text = new String(body.start(), StandardCharsets.UTF_8);
            backend.received(new ReceivedRequest(head, body.length(), body.sha256(), text, complete));
        }
        return complete;
    }

    private static boolean asksToClose(RequestHead head) {
        return head.headerValues("connection").stream().anyMatch(value -> value.equalsIgnoreCase("close"));
    }

    private static @Nullable String serverName(Socket socket) {
        if (socket instanceof SSLSocket secure && secure.getSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    private static void drain(Socket socket) throws IOException {
        byte[] buffer = new byte[1 << 16];
        int n = 0;
        while (n >= 0) {
            n = socket.getInputStream().read(buffer);
        }
    }

    static void resetQuietly(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // gone already
        }
    }

    /** The script's view of this connection during one request. */
    private final class Script implements Wire {
        private final RequestHead head;
        private final Socket socket;
        private final OutputStream out;
        private boolean ended;

        Script(RequestHead head, Socket socket, OutputStream out) {
            this.head = head;
            this.socket = socket;
            this.out = out;
        }

        @Override
        public RequestHead request() {
            return head;
        }

        @Override
        public void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        @Override
        public void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void sendPattern(long length) throws IOException {
            for (long left = length; left > 0; left -= PATTERN.length) {
                out.write(PATTERN, 0, (int) Math.min(left, PATTERN.length));
            }
            out.flush();
        }

        @Override
        public void pause(Duration pause) throws IOException {
            try {
                if (backend.pause(pause)) {
                    throw new InterruptedIOException("the backend was closed");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }

        @Override
        public void hang() throws IOException {
            ended = true;
            drain(socket);
        }

        @Override
        public void reset() {
            ended = true;
            resetQuietly(raw);
        }

        @Override
        public void close() throws IOException {
            ended = true;
            // FIN first, then wait for the peer's: closing with unread bytes would turn FIN into RST
            raw.shutdownOutput();
            drain(raw);
        }
    }
}
