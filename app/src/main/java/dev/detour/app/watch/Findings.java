package dev.detour.app.watch;

import dev.detour.health.finding.Finding;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong now, whoever has found it; worked out at most once a second, however many ask. */
final class Findings {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final List<Function<Instant, List<Finding>>> finders;
    private final Clock clock;
    private @Nullable Instant at;
    private List<Finding> last = List.of();

    /** What {@code finders} find. */
    public Findings(List<Function<Instant, List<Finding>>> finders, Clock clock) {
        this.finders = List.copyOf(finders);
        this.clock = clock;
    }

    /** All of it. */
    public synchronized List<Finding> now() {
        Instant now = clock.instant();
        if (at == null || Duration.between(at, now).compareTo(FRESH) >= 0) {
            at = now;
            last = finders.stream()
                    .flatMap((Function<Instant, List<Finding>> finder) -> finder.apply(now).stream())
                    .toList();
        }
        return last;
    }

    Stream<Finding> stream() {
        return now().stream();
    }
}
