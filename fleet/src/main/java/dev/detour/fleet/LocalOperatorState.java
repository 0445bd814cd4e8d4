package dev.detour.fleet;

import dev.detour.config.mode.ModeRule;
import dev.detour.config.mode.Modes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator state of a single instance, in files of its own directory: {@code mode.json} and {@code audit.log}.
 *
 * <p><b>A damaged {@code mode.json}</b> does not keep the front door shut: it is renamed to
 * {@code mode.json.corrupt-<time>}, an error is logged, and everything starts in normal mode. This program replaces the file
 * atomically, so that damage comes from a failing disk or an editor, and refusing every install because of it would
 * turn a small fault into an outage. A directory or file that <em>cannot be read or written</em> does refuse to start: that
 * is a mistake of the deployment, seen when deploying, and without it no mode could be kept at all.
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

    private final ModeFile file;
    private final AuditLog audit;
    private final Clock clock;
    private final ScheduledExecutorService scheduler;
    private final @Nullable Path setAside;

    private final Object lock = new Object();
    private final List<Consumer<Modes>> listeners = new ArrayList<>();
    private volatile Modes current;
    private @Nullable Future<?> timer;
    private boolean notifying;
    private boolean closed;

    private LocalOperatorState(
            Path directory, Modes start, @Nullable Path setAside, Clock clock, ScheduledExecutorService scheduler) {
        this.file = new ModeFile(directory);
        this.audit = new AuditLog(directory);
        this.current = start;
        this.setAside = setAside;
        this.clock = clock;
        this.scheduler = scheduler;
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
        ModeFile file = new ModeFile(directory);
        Instant now = clock.instant();
        Modes start = Modes.NONE;
        Path aside = null;
        try {
            start = Exemptions.pruned(file.read().at(now));
        } catch (ModeFile.DamagedException e) {
            aside = setAside(file, now);
            log.error(
                    "{} is damaged and was kept as {}; NO MODE IS IN FORCE, set it again if one should be: {}",
                    file.path(),
                    aside,
                    e.getMessage());
        } catch (IOException e) {
            throw StateException.of("read", file.path(), e);
        }
        LocalOperatorState state = new LocalOperatorState(directory, start, aside, clock, scheduler);
        synchronized (state.lock) {
            state.scheduleNextEnd();
        }
        return state;
    }

    private static Path setAside(ModeFile file, Instant now) throws StateException {
        try {
            return file.setAside(now);
        } catch (IOException e) {
            throw StateException.of("set aside the damaged", file.path(), e);
        }
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

    /** Where a damaged file was put when this state was opened, if there was one. */
    public Optional<Path> setAside() {
        return Optional.ofNullable(setAside);
    }

    @Override
    public Modes modes() {
        return current;
    }

    @Override
    public void set(ModeRule rule) throws IOException {
        synchronized (lock) {
            if (notifying) {
                throw new IllegalStateException("a listener must not change the mode it is told about");
            }
            if (closed) {
                throw new StateException("cannot change the mode: the state is closed");
            }
            Instant now = clock.instant();
            Modes next = Exemptions.pruned(current.with(rule).at(now));
            try {
                file.write(next);
            } catch (IOException e) {
                throw StateException.of("write", file.path(), e);
            }
            audit.set(now, rule);
            publish(next);
            scheduleNextEnd();
        }
    }

    @Override
    public void onChange(Consumer<Modes> listener) {
        synchronized (lock) {
            listeners.add(listener);
            tell(listener);
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            listeners.clear();
            if (timer != null) {
                timer.cancel(false);
            }
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
                } catch (IOException e) {
                    log.warn("rules that have ended are still in {}: {}", file.path(), StateException.reason(e));
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
        listeners.forEach(this::tell);
    }

    /** One listener that fails does not keep the change from the others. */
    private void tell(Consumer<Modes> listener) {
        notifying = true;
        try {
            listener.accept(current);
        } catch (RuntimeException e) {
            log.error("a listener failed on a change of mode", e);
        } finally {
            notifying = false;
        }
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
