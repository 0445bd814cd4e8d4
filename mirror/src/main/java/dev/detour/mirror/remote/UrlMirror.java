package dev.detour.mirror.remote;

import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.MirrorStatus;
import dev.detour.mirror.tombstone.Withdrawn;
import dev.detour.mirror.tree.TreeMirror;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bandersnatch tree behind a web server or in a bucket as a mirror. It answers as {@link TreeMirror} does, except that
 * release files are redirected to where they are.
 *
 * <p>Age and project list are read again every minute, pages when a minute has passed since they were last asked for, both
 * only if they changed. While the server fails, what was read before is served as long as it is young enough. Until the list
 * has been read for the first time the mirror is unfit. Thread-safe.
 */
public final class UrlMirror implements Mirror, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UrlMirror.class);
    private static final long EVERY_SECONDS = 60;
    private static final long UNREAD_SECONDS = 5;

    private final String name;
    private final RemoteTree tree;
    private final TreeMirror mirror;
    private final ScheduledExecutorService reader;

    /** A mirror that is read when {@link #refresh} is called, for tests. */
    UrlMirror(String name, URI base, Duration maxAge, Supplier<Withdrawn> tombstones, Clock clock, LongSupplier nanos) {
        Location location = Location.of(base);
        this.name = name;
        this.tree = new RemoteTree(location, new Web(), clock, nanos);
        this.mirror = new TreeMirror(name, maxAge, location.place(), this::opened, tombstones, clock, nanos);
        this.reader = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "detour-mirror-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * A mirror, and the thread that reads its list.
     *
     * @param name for messages
     * @param base the directory that holds {@code simple/}, http or https
     * @param maxAge oldest copy still fit to serve
     * @param tombstones what must not be served; asked for at every request
     * @throws IllegalArgumentException if no tree can be at that URL
     */
    public static UrlMirror start(String name, URI base, Duration maxAge, Supplier<Withdrawn> tombstones, Clock clock) {
        UrlMirror mirror = new UrlMirror(name, base, maxAge, tombstones, clock, System::nanoTime);
        mirror.reader.execute(() -> mirror.refreshAgain(null));
        return mirror;
    }

    private RemoteTree opened() throws IOException {
        if (!tree.root().isKnown()) {
            throw new IOException(String.valueOf(tree.root().problem()));
        }
        return tree;
    }

    private void refreshAgain(@Nullable String problemBefore) {
        refresh();
        String problem = tree.root().problem();
        if (problem != null && !problem.equals(problemBefore)) {
            LOG.warn("mirror {}: {}", name, problem);
        } else if (problem == null && problemBefore != null) {
            LOG.info("mirror {} can be read again", name);
        }
        if (!reader.isShutdown()) {
            long seconds = tree.root().isKnown() ? EVERY_SECONDS : UNREAD_SECONDS;
            reader.schedule(() -> refreshAgain(problem), seconds, TimeUnit.SECONDS);
        }
    }

    /** Reads age and project list. */
    void refresh() {
        try {
            tree.root().refresh();
        } catch (RuntimeException e) {
            LOG.error("mirror {} cannot be read", name, e);
        }
    }

    @Override
    public @Nullable AtHand atHand(MirrorRequest request) {
        return mirror.atHand(request);
    }

    @Override
    public MirrorAnswer answer(MirrorRequest request) {
        return mirror.answer(request);
    }

    @Override
    public boolean withholds(MirrorResource resource) {
        return mirror.withholds(resource);
    }

    @Override
    public MirrorStatus status() {
        MirrorStatus status = mirror.status();
        String problem = tree.root().problem();
        return problem == null || !tree.root().isKnown()
                ? status
                : new MirrorStatus(status.fit(), status.age(), status.detail() + "; now it cannot be read: " + problem);
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
