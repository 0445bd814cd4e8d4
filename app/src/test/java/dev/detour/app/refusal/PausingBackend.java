package dev.detour.app.refusal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A backend for one upload that stops reading for a while in the middle, and answers with the SHA-256 of the body. */
final class PausingBackend implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger pauses = new AtomicInteger();
    private final long pauseAt;
    private final Duration pause;

    /** One that pauses once it has read {@code pauseAt} bytes of the body. */
    PausingBackend(long pauseAt, Duration pause) throws IOException {
        this.pauseAt = pauseAt;
        this.pause = pause;
        Thread thread = new Thread(this::serve, "pausing-backend");
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** How often it has paused. */
    int pauses() {
        return pauses.get();
    }

    private void serve() {
        try (Socket socket = listener.accept()) {
            InputStream in = socket.getInputStream();
            byte[] sum = digest(in, contentLength(in));
            String answer = HexFormat.of().formatHex(sum);
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + answer.length()
                                    + "\r\n\r\n" + answer)
                            .getBytes(ISO_8859_1));
            closed.await();
        } catch (IOException | GeneralSecurityException e) {
            // the proxy sees a broken backend, and so does the test
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long contentLength(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended after: " + head);
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        if (!length.find()) {
            throw new IOException("no length: " + head);
        }
        return Long.parseLong(length.group(1));
    }

    private byte[] digest(InputStream in, long length)
            throws IOException, GeneralSecurityException, InterruptedException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 16];
        long read = 0;
        while (read < length) {
            if (read >= pauseAt && pauses.get() == 0) {
                pauses.incrementAndGet();
                boolean ended = closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
                if (ended) {
                    throw new IOException("the backend was closed");
                }
            }
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, length - read));
            if (n < 0) {
                throw new IOException("the body ended after " + read + " bytes");
            }
            digest.update(buffer, 0, n);
            read += n;
        }
        return digest.digest();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
    }
}
