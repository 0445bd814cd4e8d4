package dev.detour.mirror;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/** What a mirror says to a request. */
public sealed interface MirrorAnswer {
    /**
     * An answer to send as it is.
     *
     * @param status 200, 206, 302, 304 or 416
     * @param headers all representation headers (Content-Type, ETag, Vary, Cache-Control, Age, …) except
     *     Content-Length, which follows from {@code body}
     * @param contentLength length of the body a GET would have; -1 for none (304)
     * @param body what to send; {@link Body.None} for HEAD and 304
     */
    record Found(int status, Map<String, String> headers, long contentLength, Body body) implements MirrorAnswer {}

    /**
     * The thing provably does not exist (404): the copy's project list is complete and young enough.
     *
     * @param detail for the log
     */
    record Absent(String detail) implements MirrorAnswer {}

    /**
     * The mirror cannot tell (503): not copied, too old, or unreadable.
     *
     * @param detail for the log
     */
    record Unavailable(String detail) implements MirrorAnswer {}

    /** Bytes of an answer. */
    sealed interface Body {
        record None() implements Body {}

        /** Bytes in memory: a read-only buffer, shared; take a duplicate before reading. */
        record Bytes(ByteBuffer content) implements Body {}

        /** Part of a regular file. */
        record FileRange(Path file, long offset, long length) implements Body {}
    }
}
