package dev.detour.proxy.exchange;

import io.netty.util.AsciiString;

/** Who answered a request. */
public enum Source {
    BACKEND("backend"),
    MIRROR("mirror"),
    REFUSAL("refusal");

    private final AsciiString label;

    Source(String label) {
        this.label = AsciiString.cached(label);
    }

    /** The name used in {@code Detour-Source}, metrics and the access log. */
    public AsciiString label() {
        return label;
    }
}
