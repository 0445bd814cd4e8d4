package dev.detour.fleet;

import dev.detour.config.mode.Drain;
import dev.detour.config.mode.Drains;
import dev.detour.config.mode.ModeRule;
import dev.detour.config.mode.Modes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator state of a single instance, in files of its own directory: {@code mode.json}, {@code drains.json} and
 * {@code audit.log}.
 *
 * <p><b>A damaged file</b> does not keep the front door shut: {@code mode.json} is renamed to
 * {@code mode.json.corrupt-<time>}, an error is logged, and everything starts in normal mode; likewise with the drains. This
 * program replaces its files atomically, so that damage comes from a failing disk or an editor, and refusing every install
 * because of it would turn a small fault into an outage. A directory or file that <em>cannot be read or written</em> does
 * refuse to start: that is a mistake of the deployment, seen when deploying, and without it nothing could be kept at all.
 *
 * <p><b>Threads.</b> Every change happens under one lock, including the write to disk and the calls to the listeners, which is
 * what keeps them in order. Reading takes no lock.
 *
 * <p><b>Ending.</b> A rule with an end needs no write to end: the end was durable with the rule, and rules that have ended are
 * skipped when the file is read.
 */
public final class LocalOperatorState implements OperatorState {
    private static final Logger log = LoggerFactory.getLogger(LocalOperatorState.class);

    /** The timer runs on elapsed time, rules end by the wall clock: looking again this often notices a clock that was set. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

    private final StateFile<Modes, ModeContent> file;
    private final LocalDrains drains;
    private final AuditLog audit;
    private final Clock clock;
    private final ScheduledExecutorService scheduler;
    private final List<Path> setAside;

    private final Object lock = new Object();
    private final Listeners<Modes> listeners = new Listeners<>("mode");
    private volatile Modes current;
    private @Nullable Future<?> timer;
    private boolean closed;

    private LocalOperatorState(Path directory, Clock clock, ScheduledExecutorService scheduler) throws StateException {
        Instant now = clock.instant();
        this.file = ModeContent.file(directory);
        this.audit = new AuditLog(directory);
        this.clock = clock;
        this.scheduler = scheduler;
        StateFile.Found<Modes> found = file.open(now, "NO MODE IS IN FORCE, set it again if one should be");
        Modes start = found.value();
        this.current = start == null ? Modes.NONE : Exemptions.pruned(start.at(now));
        this.drains = LocalDrains.open(directory, audit, now);
        this.setAside = Stream.concat(Stream.ofNullable(found.setAside()), drains.setAside().stream())
                .toList();
    }

    /**
     * Reads the state, creating the directory if absent.
     *
     * @param scheduler ends rules; its thread may block for one small write to disk. It is not shut down by {@link #close}
     * @throws StateException if the directory cannot be created, read or written
     */
    public static LocalOperatorState open(Path directory, Clock clock, ScheduledExecutorService scheduler)
            throws StateException {
        prepare(directory);
        LocalOperatorState state = new LocalOperatorState(directory, clock, scheduler);
        synchronized (state.lock) {
            state.scheduleNextEnd();
        }
        return state;
    }

    private static void prepare(Path directory) throws StateException {
        try {
            // The check first: before JDK 20 createDirectories fails on a symbolic link to a directory.
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
            }
        } catch (IOException e) {
            throw StateException.of("create the state directory", directory, e);
        }
        try {
            // Found out now and not in the middle of an incident, by the first change of mode.
            Files.delete(Files.createTempFile(directory, "writable", ".tmp"));
        } catch (IOException e) {
            throw StateException.of("write to the state directory", directory, e);
        }
    }

    /** Where damaged files were put when this state was opened; usually none. */
    public List<Path> setAside() {
        return setAside;
    }

    @Override
    public Modes modes() {
        return current;
    }

    @Override
    public void set(ModeRule rule) throws IOException {
        synchronized (lock) {
            refuseIfClosedOrListening("the mode");
            Instant now = clock.instant();
            Modes next = Exemptions.pruned(current.with(rule).at(now));
            file.write(next);
            audit.set(now, rule);
            publish(next);
            scheduleNextEnd();
        }
    }

    @Override
    public void onChange(Consumer<Modes> listener) {
        synchronized (lock) {
            listeners.add(listener, current);
        }
    }

    @Override
    public Drains drains() {
        return drains.current();
    }

    @Override
    public Drains drain(
            String backend, String endpoint, boolean drained, @Nullable String reason, @Nullable Long expectedVersion)
            throws IOException, ConflictException {
        synchronized (lock) {
            refuseIfClosedOrListening("the drains");
            return drains.set(new Drain(backend, endpoint, clock.instant(), reason), drained, expectedVersion);
        }
    }

    @Override
    public void onDrains(Consumer<Drains> listener) {
        synchronized (lock) {
            drains.add(listener);
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            listeners.clear();
            drains.listeners().clear();
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }

    /** A listener that changed something would be told about the second change before others hear of the first. */
    private void refuseIfClosedOrListening(String what) throws StateException {
        if (listeners.telling() || drains.listeners().telling()) {
            throw new IllegalStateException("a listener must not change " + what);
        }
        if (closed) {
            throw new StateException("cannot change " + what + ": the state is closed");
        }
    }

    private void endRules() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            Instant now = clock.instant();
            Modes before = current;
            Modes after = Exemptions.pruned(before.at(now));
            if (!after.equals(before)) {
                try {
                    file.write(after);
                } catch (StateException e) {
                    log.warn("rules that have ended stay on disk, where they have no effect: {}", e.getMessage());
                }
                before.rules().stream()
                        .filter(rule -> !after.rules().contains(rule))
                        .forEach(rule -> audit.ended(now, rule));
                publish(after);
            }
            scheduleNextEnd();
        }
    }

    private void publish(Modes next) {
        current = next;
        log.info("modes in force: {}", next.rules().isEmpty() ? "normal" : next.rules());
        listeners.tellAll(next);
    }

    private void scheduleNextEnd() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        Instant end = current.nextExpiry();
        if (end == null) {
            return;
        }
        Duration left = Duration.between(clock.instant(), end);
        Duration delay = left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : left;
        try {
            // Rounded up: a timer that is early would find nothing to do and come back at once, again and again.
            timer = scheduler.schedule(
                    this::endRules, delay.isNegative() ? 0 : delay.toMillis() + 1, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.error("the scheduler is shut down: the rule that ends at {} lasts until the next start", end);
        }
    }
}
