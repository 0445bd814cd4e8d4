package dev.detour.proxy.exchange;

import io.netty.util.AsciiString;

/** Response headers of our own, and their values. */
final class DetourHeaders {
    static final AsciiString SOURCE = AsciiString.cached("detour-source");
    static final AsciiString MODE = AsciiString.cached("detour-mode");
    /** RFC 9211. */
    static final AsciiString CACHE_STATUS = AsciiString.cached("cache-status");

    static final AsciiString NOT_CACHED = AsciiString.cached("detour; fwd=bypass");
    static final AsciiString NOT_CACHED_METHOD = AsciiString.cached("detour; fwd=method");

    private DetourHeaders() {}
}
