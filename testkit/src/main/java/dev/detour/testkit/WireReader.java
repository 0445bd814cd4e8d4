package dev.detour.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the pieces of HTTP/1.1 messages from a stream; each body method says whether the body was complete. */
final class WireReader {
    private static final int MAX_LINE = 1 << 20;

    private final BufferedInputStream in;

    WireReader(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /** The next line without its end, or null if the stream ended before a whole line. */
    @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(b);
            if (line.size() > MAX_LINE) {
                throw new ProtocolException("line longer than " + MAX_LINE + " bytes");
            }
        }
        return null;
    }

    /** Header lines up to the empty one, or null if the stream ended before it. */
    @Nullable List<Header> headers() throws IOException {
        List<Header> headers = new ArrayList<>();
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                return List.copyOf(headers);
            }
            headers.add(Header.parse(line));
        }
        return null;
    }

    boolean fixed(long length, BodyDigest body) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = length;
        while (left > 0) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                return false;
            }
            body.add(buffer, n);
            left -= n;
        }
        return true;
    }

    boolean chunked(BodyDigest body) throws IOException {
        while (true) {
            String size = line();
            if (size == null) {
                return false;
            }
            long length = chunkSize(size);
            if (length == 0) {
                return headers() != null;
            }
            if (!fixed(length, body) || line() == null) {
                return false;
            }
        }
    }

    /** Reads until the peer closes. */
    void untilEnd(BodyDigest body) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            body.add(buffer, n);
        }
    }

    private static long chunkSize(String line) throws ProtocolException {
        int semicolon = line.indexOf(';');
        String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).trim();
        try {
            return Long.parseUnsignedLong(digits, 16);
        } catch (NumberFormatException e) {
            throw new ProtocolException("chunk size: " + line + " (expected: hex digits)");
        }
    }

    /** The one Content-Length, or -1 if there is none. */
    static long contentLength(List<Header> headers) throws ProtocolException {
        List<String> values = Header.values(headers, "content-length");
        if (values.isEmpty()) {
            return -1;
        }
        try {
            return Long.parseLong(values.get(0));
        } catch (NumberFormatException e) {
            throw new ProtocolException("content-length: " + values.get(0) + " (expected: digits)");
        }
    }

    static boolean isChunked(List<Header> headers) {
        return Header.values(headers, "transfer-encoding").stream().anyMatch(v -> v.equalsIgnoreCase("chunked"));
    }
}
