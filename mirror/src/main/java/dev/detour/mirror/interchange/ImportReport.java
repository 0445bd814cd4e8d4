package dev.detour.mirror.interchange;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an import came to.
 *
 * @param taken how old the source's state is, or null if nobody knows
 * @param results projects by result
 * @param problems projects or parts of them that were not taken, with the reason; at most {@value #MOST} of {@code problemCount}
 * @param documents JSON API documents that were written
 * @param files release files and {@code .metadata} that were written
 * @param generation the newest generation afterwards
 * @param confirmed whether the copy is as old as the source now, or as old as it was before
 * @param note why it is not confirmed, or ""
 */
public record ImportReport(
        @Nullable Instant taken,
        Map<Result, Long> results,
        List<Problem> problems,
        long problemCount,
        long documents,
        long files,
        long generation,
        boolean confirmed,
        String note,
        Duration took) {
    static final int MOST = 1_000;

    /** What became of a project. */
    public enum Result {
        /** The store had no page of it. */
        ADDED,
        /** The store had an older page. */
        REPLACED,
        /** The store had the same page. */
        UNCHANGED,
        /** The store has a page that is newer, or that came from the index itself, or knows that the project is gone. */
        KEPT,
        /** The source lists it and has no page. */
        MISSING,
        /** The source's page is not one, or breaks the rule; the project is to be fetched by the next synchronisation. */
        REFUSED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Something that was not taken. */
    public record Problem(String project, String reason) {}

    /** In words, without a final newline. */
    public String text() {
        String counts = results.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> entry.getValue() + " " + entry.getKey().label())
                .collect(Collectors.joining(", "));
        return (counts.isEmpty() ? "no projects" : counts) + "; " + documents + " documents, " + files
                + " files; generation "
                + generation + ", " + (confirmed ? "as of " + taken : "not confirmed: " + note) + "; took "
                + took.toMillis() / 1000.0 + " s" + (problemCount == 0 ? "" : "; " + problemCount + " problems");
    }
}
