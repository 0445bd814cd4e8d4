package dev.detour.config.mode;

/** The operator's wish. It never changes what is measured, and no measurement changes it. */
public enum Mode {
    /** Requests go where health allows. */
    NORMAL("normal"),
    /** Reads as in normal mode; whatever writes is refused. */
    READ_ONLY("read-only"),
    /** The backend is not asked: reads are answered by the fallbacks, writes are refused. */
    DIVERT("divert"),
    /** Everything is refused. */
    OFFLINE("offline");

    private final String label;

    Mode(String label) {
        this.label = label;
    }

    /** The name used on the command line, in the admin API, headers and metrics. */
    public String label() {
        return label;
    }
}
