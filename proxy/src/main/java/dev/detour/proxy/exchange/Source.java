package dev.detour.proxy.exchange;

/** Who answered a request. */
public enum Source {
    BACKEND("backend"),
    MIRROR("mirror"),
    REFUSAL("refusal");

    private final String label;

    Source(String label) {
        this.label = label;
    }

    /** The name used in {@code Detour-Source}, metrics and the access log. */
    public String label() {
        return label;
    }
}
