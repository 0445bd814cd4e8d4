package dev.detour.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * What {@link FakeBackend} does about one request: a script played on the connection's own thread.
 *
 * <p>When a script returns normally the connection is kept for the next request; a script that ends with
 * {@link Wire#reset}, {@link Wire#close} or {@link Wire#hang} ends the connection. Scripts may be played many times and
 * by several connections at once, so they hold no state.
 */
@FunctionalInterface
public interface Answer {

    /** Plays the script. */
    void play(Wire wire) throws IOException;

    /** Whether the script is played before the request's body is read. */
    default boolean beforeBody() {
        return false;
    }

    /** The same script, but played as soon as the request's head is there; the body is read and counted afterwards. */
    static Answer early(Answer answer) {
        return new Answer() {
            @Override
            public void play(Wire wire) throws IOException {
                answer.play(wire);
            }

            @Override
            public boolean beforeBody() {
                return true;
            }
        };
    }

    /** Exactly these bytes, whatever they are. */
    static Answer bytes(byte[] bytes) {
        byte[] copy = bytes.clone();
        return wire -> wire.send(copy);
    }

    /** Exactly this text in ISO-8859-1, line ends included. */
    static Answer raw(String text) {
        return bytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A well-formed answer with a text body and its length; no body for HEAD. */
    static Answer status(int status, String contentType, String body) {
        return status(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A well-formed answer with a body and its length; no body for HEAD.
     *
     * @param headers further header lines, each {@code Name: value} without line end
     */
    static Answer status(int status, String contentType, byte[] body, String... headers) {
        byte[] head = head(status, contentType, "Content-Length: " + body.length, headers);
        byte[] copy = body.clone();
        return wire -> {
            wire.send(head);
            if (!wire.request().method().equals("HEAD")) {
                wire.send(copy);
            }
        };
    }

    /** A 200 of {@code text/html}, as a Simple page is. */
    static Answer ok(String body) {
        return status(200, "text/html", body);
    }

    /** A 5xx (or any other status) with a short text. */
    static Answer status(int status) {
        return status(status, "text/html", "status " + status + "\n");
    }

    /** A 200 in chunked coding, one chunk for each part; no body for HEAD. */
    static Answer chunked(String contentType, String... parts) {
        return wire -> {
            wire.send(head(200, contentType, "Transfer-Encoding: chunked"));
            if (!wire.request().method().equals("HEAD")) {
                for (String part : parts) {
                    wire.send(chunk(part));
                }
                wire.send("0\r\n\r\n");
            }
        };
    }

    /** A 200 with {@code length} bytes of a repeating pattern, never held in memory as a whole. */
    static Answer large(long length) {
        return wire -> {
            wire.send(head(200, "application/octet-stream", "Content-Length: " + length));
            if (!wire.request().method().equals("HEAD")) {
                wire.sendPattern(length);
            }
        };
    }

    /** RST instead of an answer. */
    static Answer resetBeforeHead() {
        return Wire::reset;
    }

    /** These bytes, then RST. The peer may lose bytes that it has not read yet when the RST arrives. */
    static Answer resetAfter(String text) {
        return wire -> {
            wire.send(text);
            wire.reset();
        };
    }

    /** FIN instead of an answer. */
    static Answer closeBeforeHead() {
        return Wire::close;
    }

    /** These bytes, then FIN. */
    static Answer closeAfter(String text) {
        return wire -> {
            wire.send(text);
            wire.close();
        };
    }

    /** No answer, until the peer or the backend goes away. */
    static Answer hang() {
        return Wire::hang;
    }

    /** These bytes, then silence until the peer or the backend goes away. */
    static Answer hangAfter(String text) {
        return wire -> {
            wire.send(text);
            wire.hang();
        };
    }

    /** Waits, then plays {@code answer}. */
    static Answer delayed(Duration delay, Answer answer) {
        return wire -> {
            wire.pause(delay);
            answer.play(wire);
        };
    }

    /** These bytes, {@code step} at a time with a pause before each. */
    static Answer drip(String text, int step, Duration pause) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return wire -> {
            for (int at = 0; at < bytes.length; at += step) {
                wire.pause(pause);
                wire.send(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step)));
            }
        };
    }

    /** A 200 that announces {@code declared} bytes, sends {@code body} and closes. */
    static Answer truncatedLength(String body, long declared) {
        return wire -> {
            wire.send(head(200, "text/html", "Content-Length: " + declared));
            wire.send(body);
            wire.close();
        };
    }

    /** A chunked 200 that closes after the first chunk, without the last one. */
    static Answer truncatedChunked(String firstChunk) {
        return wire -> {
            wire.send(head(200, "text/html", "Transfer-Encoding: chunked"));
            wire.send(chunk(firstChunk));
            wire.close();
        };
    }

    /** Bytes that are not HTTP, then FIN. */
    static Answer garbage() {
        return closeAfter("\u0000\u0001this is not HTTP at all\u00ff\u00fe\r\n\r\n");
    }

    private static String chunk(String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        return Integer.toHexString(bytes.length) + "\r\n" + new String(bytes, StandardCharsets.ISO_8859_1) + "\r\n";
    }

    private static byte[] head(int status, String contentType, String framing, String... headers) {
        StringBuilder head = new StringBuilder(String.format(
                Locale.ROOT, "HTTP/1.1 %d Scripted\r\nContent-Type: %s\r\n%s\r\n", status, contentType, framing));
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
