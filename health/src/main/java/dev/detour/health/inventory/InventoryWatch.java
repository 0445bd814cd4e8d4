package dev.detour.health.inventory;

import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.source.CertificateSource;
import dev.detour.health.source.Look;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every source of an inventory looked at, each in its own time and by one thread at a time. It owns the sources; the executor
 * stays its giver's.
 */
public final class InventoryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InventoryWatch.class);
    /** Of many changes at once, one look sees all. */
    private static final long SETTLE_MILLIS = 1_000;

    private final List<Turn> turns = new ArrayList<>();
    private final Inventory inventory;
    private final ScheduledExecutorService executor;
    private final Runnable looked;
    private final Clock clock;

    /**
     * A watch that looks at nothing until it is {@linkplain #start started}.
     *
     * @param looked is told after each look, by the thread that looked
     */
    public InventoryWatch(Inventory inventory, ScheduledExecutorService executor, Runnable looked, Clock clock) {
        this.inventory = inventory;
        this.executor = executor;
        this.looked = looked;
        this.clock = clock;
    }

    /** Looks at {@code source} now, and then {@code every} so often after the last look has ended. */
    public void start(CertificateSource source, Duration every) {
        Turn turn = new Turn(source);
        turns.add(turn);
        var unused = executor.scheduleWithFixedDelay(turn::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        source.onChange(turn::soon);
    }

    /** One source; looks at it never overlap. */
    private final class Turn {
        private final CertificateSource source;
        private final AtomicBoolean asked = new AtomicBoolean();

        Turn(CertificateSource source) {
            this.source = source;
        }

        void soon() {
            if (!executor.isShutdown() && asked.compareAndSet(false, true)) {
                var unused = executor.schedule(this::look, SETTLE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        synchronized void look() {
            asked.set(false);
            try {
                Look look = tried(source);
                inventory.accept(source, look, clock.instant());
                looked.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                // a bug of ours, but without the next look nobody would ever hear of this source again
                LOG.error("certificates: what source {} has shown could not be taken in", source.name(), e);
            }
        }
    }

    private static Look tried(CertificateSource source) throws InterruptedException {
        try {
            return source.look();
        } catch (RuntimeException e) {
            LOG.error("certificates: looking at source {} failed", source.name(), e);
            return Look.blind(new SourceProblem(
                    SourceProblem.Kind.REFUSED, source.name(), "the look failed: " + e, "a look that ends"));
        }
    }

    @Override
    public void close() {
        turns.forEach(turn -> turn.source.close());
    }
}
