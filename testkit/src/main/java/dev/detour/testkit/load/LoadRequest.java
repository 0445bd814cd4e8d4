package dev.detour.testkit.load;

import java.util.Arrays;

/**
 * Something to ask for, and what must come.
 *
 * @param path in origin form
 * @param accept the Accept header
 * @param body the body every whole answer must have, byte for byte; not to be changed
 * @param mayBreak whether an answer that has begun may break off, because it is too large for the proxy to hold it back
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record LoadRequest(String path, String accept, byte[] body, boolean mayBreak) {
    /** Whether {@code piece} is what the body has at this offset. */
    boolean matches(int offset, byte[] piece) {
        int end = offset + piece.length;
        return end <= body.length && Arrays.equals(body, offset, end, piece, 0, piece.length);
    }
}
