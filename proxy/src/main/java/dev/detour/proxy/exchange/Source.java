package dev.detour.proxy.exchange;

/** Who answered a request. */
public enum Source {
    BACKEND("backend"),
    /** What the backend said before, and still holds. */
    CACHE("cache"),
    /** What the backend said before, for want of anything newer. */
    STALE("stale"),
    MIRROR("mirror"),
    REFUSAL("refusal");

    private final String label;

    Source(String label) {
        this.label = label;
    }

    /** Whether the answer came from elsewhere than it should have. */
    public boolean diverted() {
        return this != BACKEND && this != CACHE;
    }

    /** The name used in {@code Detour-Source}, metrics and the access log. */
    public String label() {
        return label;
    }
}
