package dev.detour.mirror.capture;

import dev.detour.mirror.MirrorResource;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer with status 200 that the backend gave to a GET without credentials.
 *
 * @param resource what was asked for
 * @param contentType {@code Content-Type} as sent
 * @param contentEncoding {@code Content-Encoding} as sent, or null for none
 * @param etag {@code ETag} as sent, or null
 * @param lastSerial {@code X-PyPI-Last-Serial} as sent, or null
 * @param body as sent, still in its content coding; the receiver's own
 * @param at when it was complete
 */
public record CapturedAnswer(
        MirrorResource resource,
        String contentType,
        @Nullable String contentEncoding,
        @Nullable String etag,
        @Nullable String lastSerial,
        ByteBuffer body,
        Instant at) {}
