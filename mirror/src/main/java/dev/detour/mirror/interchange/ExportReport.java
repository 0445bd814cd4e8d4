package dev.detour.mirror.interchange;

import java.time.Duration;

/**
 * What an export came to.
 *
 * @param generation which was exported
 * @param projects pages in the tree now
 * @param written files that are new or changed
 * @param unchanged files that were right already
 * @param removed files that were there and should not be
 */
public record ExportReport(long generation, long projects, long written, long unchanged, long removed, Duration took) {
    /** In words, without a final newline. */
    public String text() {
        return projects + " projects of generation " + generation + "; " + written + " files written, " + unchanged
                + " unchanged, " + removed + " removed; took " + took.toMillis() / 1000.0 + " s";
    }
}
