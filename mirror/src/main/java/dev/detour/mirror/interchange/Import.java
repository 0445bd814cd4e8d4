package dev.detour.mirror.interchange;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.sync.SyncSettings;
import dev.detour.mirror.sync.Syncer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes over a copy that somebody else made: a tree of bandersnatch's form (shadowmire's and Detour's own exports have it too)
 * or a pages file (see {@link PagesWriter}). All processors read, one thread writes.
 *
 * <p>Nothing in the store gives way to something older, and nothing is removed. The copy is as old as the source says that it
 * is, never as young as the import. One that says nothing is of unknown age until a synchronisation confirms it.
 */
public final class Import {
    private static final Logger LOG = LoggerFactory.getLogger(Import.class);
    private static final int AHEAD = 2;
    private static final Duration STOP = Duration.ofSeconds(10);

    private final MirrorStore store;
    private final Settings settings;
    private final PageRule rule;
    private final ImportObserver observer;

    /**
     * What is taken over.
     *
     * @param documents whether JSON API documents are
     * @param files which files below {@code packages/} are
     * @param taken when the source was taken from the index, for one that does not say so itself, or null
     */
    public record Settings(
            boolean documents,
            SyncSettings.Files files,
            @Nullable Instant taken) {
        /** Documents and {@code .metadata}, and the age the source gives itself. */
        public static Settings defaults() {
            return new Settings(true, SyncSettings.Files.METADATA, null);
        }
    }

    /**
     * Imports into a store.
     *
     * @param rule what a page must be to be taken
     */
    public Import(MirrorStore store, Settings settings, PageRule rule, ImportObserver observer) {
        this.store = store;
        this.settings = settings;
        this.rule = rule;
        this.observer = observer;
    }

    /**
     * Imports and seals.
     *
     * @param from the directory of a tree, or a pages file
     * @throws IOException if the source as a whole cannot be read, or the store cannot be written; what was written before
     *     that stays, and is not sealed
     */
    public ImportReport run(Path from) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Checking checking = new Checking(rule);
        try (Source source = Files.isDirectory(from)
                ? TreeSource.open(from, settings, store.files(), checking)
                : PagesSource.open(from, checking)) {
            Instant taken = source.taken() == null ? settings.taken() : source.taken();
            Instant before = confirmed();
            Merge merge = new Merge(store, taken, before, observer);
            if (!merge.isOlder()) {
                head(source.listHead());
            }
            all(source, merge);
            if (merge.isFirst()) {
                // the rows came in any order: merged once, they take less room and are found faster
                store.compact();
            }
            return seal(merge, taken, Duration.ofNanos(System.nanoTime() - began));
        }
    }

    private @Nullable Instant confirmed() {
        try (Generation.Lease lease = store.generations().current()) {
            return lease == null ? null : lease.generation().confirmedAt();
        }
    }

    private void head(ObjectNode head) throws StoreException {
        ObjectNode known = store.live().listHead();
        if (known == null || !Arrays.equals(CanonicalJson.write(known), CanonicalJson.write(head))) {
            try (Change change = store.change()) {
                Syncer.forgetList(change.listHead(head)).commit();
            }
        }
    }

    private void all(Source source, Merge merge) throws IOException, InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        ExecutorService readers = Executors.newFixedThreadPool(processors, work -> {
            Thread thread = new Thread(work, "detour-import");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Deque<Future<List<Candidate>>> ahead = new ArrayDeque<>();
            boolean more = true;
            while (more || !ahead.isEmpty()) {
                while (more && ahead.size() < AHEAD * processors) {
                    Callable<List<Candidate>> work = source.next();
                    more = work != null;
                    if (work != null) {
                        ahead.add(readers.submit(work));
                    }
                }
                Future<List<Candidate>> first = ahead.poll();
                if (first != null) {
                    merge.write(result(first));
                }
            }
        } finally {
            stop(readers);
        }
    }

    /** Waits: readers write into the store's vault, and the caller may close the store next. */
    private static void stop(ExecutorService readers) throws InterruptedException {
        readers.shutdownNow();
        if (!readers.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("import: a file is still being read after {} s", STOP.toSeconds());
        }
    }

    private static List<Candidate> result(Future<List<Candidate>> work) throws IOException, InterruptedException {
        try {
            return work.get();
        } catch (ExecutionException e) {
            throw new IOException("the import cannot go on: " + e.getCause(), e);
        }
    }

    private ImportReport seal(Merge merge, @Nullable Instant taken, Duration took) throws StoreException {
        String note = merge.doubt();
        if (taken == null || !note.isEmpty()) {
            return merge.report(taken, store.seal(), false, note, took);
        }
        return merge.report(taken, store.seal(taken), true, "", took);
    }
}
