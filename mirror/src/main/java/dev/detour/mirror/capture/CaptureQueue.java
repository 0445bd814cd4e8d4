package dev.detour.mirror.capture;

import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.store.MirrorStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers of the backend on their way into a store: event loops put copies in, one thread of its own judges and writes them.
 *
 * <p><b>Bounds.</b> What waits is limited in bytes and in number; what has no room is dropped and counted, and the next answer
 * will do as well. The same thing is taken again after a pause only: a page that a thousand clients ask for is one page.
 *
 * <p><b>Threads.</b> What event loops call takes no lock and does no work. The store stays the giver's, and must outlive this.
 */
public final class CaptureQueue implements CaptureSink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureQueue.class);
    private static final int BATCH = 50;
    /** As they came; without their codings, and as trees, they are many times larger. */
    private static final long BATCH_BYTES = 1 << 20;

    private static final int WANTED = 1_000;
    private static final long CLOSE_MILLIS = 5_000;

    private final CaptureSettings settings;
    private final CaptureObserver observer;
    private final CaptureWriter writer;
    private final Consumer<String> fetch;
    private final RecentKeys taken;
    private final RecentKeys asked;

    private final Queue<CapturedAnswer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger entries = new AtomicInteger();
    private final Queue<String> wanted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wantedEntries = new AtomicInteger();
    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean closed;

    private CaptureQueue(
            MirrorStore store,
            PageRule rule,
            CaptureObserver observer,
            Consumer<String> fetch,
            CaptureSettings settings,
            Clock clock) {
        this.settings = settings;
        this.observer = observer;
        this.writer = new CaptureWriter(store, rule, observer, settings.decoded());
        this.fetch = fetch;
        this.taken = new RecentKeys(settings.pause(), clock);
        this.asked = new RecentKeys(settings.wantedPause(), clock);
        this.thread = new Thread(this::run, "detour-capture");
        thread.setDaemon(true);
    }

    /**
     * A queue that writes to {@code store} from now on.
     *
     * @param rule what a page must be
     * @param observer told of every answer, on the queue's thread where it does not say otherwise
     * @param fetch given the normalised names of projects whose pages may be worth a fetch, on the queue's thread
     */
    public static CaptureQueue start(
            MirrorStore store,
            PageRule rule,
            CaptureObserver observer,
            Consumer<String> fetch,
            CaptureSettings settings,
            Clock clock) {
        CaptureQueue queue = new CaptureQueue(store, rule, observer, fetch, settings, clock);
        queue.thread.start();
        return queue;
    }

    // ---- on event loops

    @Override
    public boolean takes(MirrorResource resource) {
        if (closed || !copies(resource) || taken.has(resource)) {
            return false;
        }
        if (entries.get() >= settings.entries() || bytes.get() >= settings.bytes()) {
            observer.onOutcome(resource, CaptureOutcome.DROPPED_FULL, "");
            return false;
        }
        return true;
    }

    private boolean copies(MirrorResource resource) {
        return resource instanceof MirrorResource.SimpleProject
                || (resource instanceof MirrorResource.JsonProject && settings.documents())
                || (resource instanceof MirrorResource.JsonRelease && settings.releases())
                || (resource instanceof MirrorResource.Provenance && settings.provenance());
    }

    @Override
    public void offer(CapturedAnswer answer) {
        if (closed) {
            return;
        }
        if (!reserve(answer)) {
            observer.onOutcome(answer.resource(), CaptureOutcome.DROPPED_FULL, "");
            return;
        }
        var unused = taken.add(answer.resource());
        answers.add(answer);
        wake();
    }

    private boolean reserve(CapturedAnswer answer) {
        if (entries.incrementAndGet() > settings.entries()) {
            entries.decrementAndGet();
            return false;
        }
        long size = sizeOf(answer);
        if (bytes.addAndGet(size) > settings.bytes()) {
            bytes.addAndGet(-size);
            entries.decrementAndGet();
            return false;
        }
        return true;
    }

    /** What it holds, used or not. */
    private static long sizeOf(CapturedAnswer answer) {
        return answer.body().capacity();
    }

    @Override
    public void wanted(MirrorResource.SimpleProject project) {
        String name = CaptureWriter.projectOf(project);
        if (closed || name == null || wantedEntries.get() >= WANTED || !asked.add(name)) {
            return;
        }
        wantedEntries.incrementAndGet();
        wanted.add(name);
        wake();
    }

    private void wake() {
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    // ---- on its own thread

    private void run() {
        while (!closed) {
            try {
                passOnWanted();
                writeSome();
                awaitMore();
            } catch (RuntimeException | Error e) {
                // without this thread nothing would ever be captured again
                LOG.error("capturing failed", e);
            }
        }
    }

    private void passOnWanted() {
        String name;
        while ((name = wanted.poll()) != null) {
            wantedEntries.decrementAndGet();
            fetch.accept(name);
        }
    }

    private void writeSome() {
        List<CapturedAnswer> batch = new ArrayList<>();
        long size = 0;
        CapturedAnswer answer;
        while (batch.size() < BATCH && size < BATCH_BYTES && (answer = answers.poll()) != null) {
            batch.add(answer);
            size += sizeOf(answer);
        }
        try {
            writer.write(batch);
        } finally {
            entries.addAndGet(-batch.size());
            bytes.addAndGet(-size);
        }
    }

    private void awaitMore() {
        asleep = true;
        // whoever comes after this line sees that it sleeps; whoever came before is seen here
        if (answers.isEmpty() && wanted.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    /** How many answers wait or are being written. */
    public int waiting() {
        return entries.get();
    }

    /** Takes no more, and forgets what waits: what is being written is written to its end. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("capturing did not stop within {} ms", CLOSE_MILLIS);
        }
    }
}
