package dev.detour.mirror.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to.
 *
 * @param startedAt when the index's list was asked for
 * @param listed projects in the index's list; 0 if it could not be had
 * @param outcomes projects by outcome
 * @param parked projects that could not be copied, with the reason; at most {@value #MOST} of {@code parkedCount}
 * @param rereads pages that are kept and wait to be read again
 * @param problem why the run as a whole came to nothing, or what was held back; null if all went well
 * @param generation the newest generation afterwards; 0 for none
 * @param confirmed whether the copy agrees with the index's list, so that its age counts from {@code startedAt}
 */
public record SyncReport(
        Instant startedAt,
        Duration took,
        long listed,
        Map<Outcome, Long> outcomes,
        List<Parked> parked,
        long parkedCount,
        long rereads,
        @Nullable String problem,
        long generation,
        boolean confirmed) {
    static final int MOST = 100;

    /** A project that is to be tried again later. */
    public record Parked(String project, String reason) {}

    /** In words, without a final newline. */
    public String text() {
        String counts = outcomes.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> entry.getValue() + " " + entry.getKey().label())
                .collect(Collectors.joining(", "));
        return listed + " projects listed; " + (counts.isEmpty() ? "nothing to fetch" : counts) + "; generation "
                + generation + (confirmed ? ", confirmed" : ", not confirmed") + "; took " + took.toMillis() / 1000.0
                + " s" + (parkedCount == 0 ? "" : "; " + parkedCount + " parked")
                + (rereads == 0 ? "" : "; " + rereads + " to be read again")
                + (problem == null ? "" : "; " + problem);
    }
}
