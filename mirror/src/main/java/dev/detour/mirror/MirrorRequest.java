package dev.detour.mirror;

import org.jspecify.annotations.Nullable;

/**
 * A GET or HEAD, reduced to what a static copy needs. Header values are as sent, null when absent.
 *
 * @param resource what is asked for
 * @param head whether the body is left out (the answer's headers are those of the GET)
 * @param accept {@code Accept}
 * @param format value of the {@code format} query parameter, percent-decoded
 * @param ifNoneMatch {@code If-None-Match}
 * @param ifModifiedSince {@code If-Modified-Since}
 * @param range {@code Range}
 * @param ifRange {@code If-Range}
 */
public record MirrorRequest(
        MirrorResource resource,
        boolean head,
        @Nullable String accept,
        @Nullable String format,
        @Nullable String ifNoneMatch,
        @Nullable String ifModifiedSince,
        @Nullable String range,
        @Nullable String ifRange) {}
