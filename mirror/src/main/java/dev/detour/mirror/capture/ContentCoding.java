package dev.detour.mirror.capture;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Undoes the content codings of answers (RFC 9110 8.4.1, RFC 7932, RFC 8878). */
final class ContentCoding {
    /** Windows of at most 8 MiB (RFC 9659). */
    private static final int ZSTD_WINDOW = 23;

    private static final int DEFLATE_METHOD = 8;

    private ContentCoding() {}

    /**
     * The body without its coding.
     *
     * @param coding {@code Content-Encoding}, or null for none
     * @param largest how many bytes there may be
     * @throws IOException if the coding is unknown or broken, or there are more bytes; the message says so
     */
    static byte[] decode(@Nullable String coding, ByteBuffer body, int largest) throws IOException {
        byte[] coded = new byte[body.remaining()];
        body.duplicate().get(coded);
        String name = coding == null ? "" : coding.strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.equals("identity")) {
            return coded;
        }
        try (InputStream in = open(name, coded)) {
            byte[] plain = in.readNBytes(largest + 1);
            if (plain.length > largest) {
                throw new IOException("more than " + largest + " bytes without its coding " + name);
            }
            return plain;
        }
    }

    private static InputStream open(String name, byte[] coded) throws IOException {
        InputStream in = new ByteArrayInputStream(coded);
        return switch (name) {
            case "gzip", "x-gzip" -> new GZIPInputStream(in);
            case "deflate" -> inflating(in, new Inflater(!isZlib(coded)));
            case "br" -> brotli(in);
            case "zstd" -> new ZstdInputStream(in).setLongMax(ZSTD_WINDOW);
            default ->
                throw new IOException(
                        "Content-Encoding is '" + name + "' (expected: identity, gzip, deflate, br or zstd)");
        };
    }

    private static InputStream brotli(InputStream in) throws IOException {
        if (!Brotli4jLoader.isAvailable()) {
            throw new IOException("Content-Encoding is 'br', which cannot be undone on this machine");
        }
        return new BrotliInputStream(in);
    }

    private static InputStream inflating(InputStream in, Inflater inflater) {
        return new InflaterInputStream(in, inflater) {
            @Override
            public void close() throws IOException {
                super.close();
                // native memory, which otherwise waits for a cleaner
                inflater.end();
            }
        };
    }

    /** What is called deflate is zlib (RFC 1950), and what some servers send is not. */
    private static boolean isZlib(byte[] coded) {
        return coded.length > 1
                && (coded[0] & 0x0f) == DEFLATE_METHOD
                && (((coded[0] & 0xff) << 8) | (coded[1] & 0xff)) % 31 == 0;
    }
}
