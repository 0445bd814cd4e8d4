package dev.detour.config.mode;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

    /** The mode of this label, or null if there is none. */
    public static @Nullable Mode ofLabel(@Nullable String label) {
        for (Mode mode : values()) {
            if (mode.label.equals(label)) {
                return mode;
            }
        }
        return null;
    }

    /** Every label, as an error message lists them. */
    public static String labels() {
        return Arrays.stream(values()).map(Mode::label).collect(Collectors.joining(", "));
    }
}
