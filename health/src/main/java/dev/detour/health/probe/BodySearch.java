package dev.detour.health.probe;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * A search for a text in a body that comes in pieces, none of which is kept (Knuth-Morris-Pratt). Bytes are compared: a
 * match of UTF-8 bytes is a match of text, because no character's bytes are part of another's (RFC 3629).
 */
final class BodySearch {
    private final byte[] text;
    /** How much of the text is still matched when the byte after its first {@code i + 1} bytes does not fit. */
    private final int[] fallback;

    private int matched;

    BodySearch(String text) {
        this.text = text.getBytes(StandardCharsets.UTF_8);
        this.fallback = new int[this.text.length];
        for (int i = 1; i < fallback.length; i++) {
            fallback[i] = step(fallback[i - 1], this.text[i]);
        }
    }

    /** Looks at the next {@code length} bytes of {@code piece}, without moving its indices. */
    void feed(ByteBuf piece, int length) {
        int from = piece.readerIndex();
        for (int i = from; i < from + length && !found(); i++) {
            matched = step(matched, piece.getByte(i));
        }
    }

    /** Whether it has been seen. */
    boolean found() {
        return matched == text.length;
    }

    private int step(int state, byte next) {
        int length = state;
        while (length > 0 && text[length] != next) {
            length = fallback[length - 1];
        }
        return text[length] == next ? length + 1 : length;
    }
}
