package dev.detour.mirror.sync;

import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A store that is kept in step with a fake index, by a clock that goes on when somebody waits. */
final class SyncedMirror implements AutoCloseable, SyncObserver {
    final FakeIndex index;
    final TurnedClock clock = new TurnedClock();
    final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();
    final MirrorStore store;
    volatile Pace.Waiter waiter = nanos -> clock.turn(Duration.ofNanos(nanos));
    volatile BooleanSupplier unfit = () -> false;
    volatile PageRule rule = (project, page) -> List.of();
    private Syncer syncer;

    /** Settings of a test: everything of pages, nothing beside them, at once. */
    record Options(SyncSettings.Documents documents, SyncSettings.Files files, Duration readAll, long filesLimit) {
        static final Options PLAIN =
                new Options(SyncSettings.Documents.NONE, SyncSettings.Files.NONE, Duration.ofDays(7), 1L << 30);

        Options files(SyncSettings.Files kinds) {
            return new Options(documents, kinds, readAll, filesLimit);
        }

        Options documents(SyncSettings.Documents kinds) {
            return new Options(kinds, files, readAll, filesLimit);
        }

        Options filesLimit(long bytes) {
            return new Options(documents, files, readAll, bytes);
        }
    }

    SyncedMirror(Path directory) throws IOException {
        this(directory, options -> options);
    }

    SyncedMirror(Path directory, UnaryOperator<Options> change) throws IOException {
        Options options = change.apply(Options.PLAIN);
        index = new FakeIndex();
        store = MirrorStore.open(
                directory,
                new StoreSettings(5, StoreSettings.defaults().blockCacheBytes(), options.filesLimit()),
                clock);
        SyncSettings settings = new SyncSettings(
                Duration.ofMinutes(5),
                4,
                0,
                options.documents(),
                true,
                options.files(),
                1_000,
                0.05,
                options.readAll());
        syncer = new Syncer(
                "local",
                store,
                IndexAddress.of(index.base()),
                settings,
                new Syncer.Surroundings(
                        "test",
                        (project, page) -> rule.problems(project, page),
                        () -> unfit.getAsBoolean(),
                        this,
                        clock),
                clock::nanos,
                nanos -> waiter.await(nanos));
    }

    Syncer syncer() {
        return syncer;
    }

    SyncReport run() throws StoreException, InterruptedException {
        return syncer.run();
    }

    SyncReport runAfter(Duration time) throws StoreException, InterruptedException {
        clock.turn(time);
        return run();
    }

    @Nullable String served(String project) throws StoreException {
        try (Generation.Lease lease = store.generations().current()) {
            byte[] page = lease == null ? null : lease.generation().view().page(project);
            return page == null ? null : new String(page, StandardCharsets.UTF_8);
        }
    }

    List<String> listed() throws StoreException {
        List<String> listed = new ArrayList<>();
        try (Generation.Lease lease = Objects.requireNonNull(store.generations().current())) {
            lease.generation().view().forEachListed(entry -> listed.add(entry.project()));
        }
        return listed;
    }

    @Override
    public void onStart(long tasks) {
        events.add("start " + tasks);
    }

    @Override
    public void onProject(String project, Outcome outcome, String detail) {
        events.add(project + " " + outcome + (detail.isEmpty() ? "" : ": " + detail));
    }

    @Override
    public void onFinish(SyncReport report) {
        events.add("finish");
    }

    static @Nullable String parked(SyncReport report, String project) {
        return report.parked().stream()
                .filter(parked -> parked.project().equals(project))
                .map(SyncReport.Parked::reason)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() throws StoreException {
        syncer.close();
        store.close();
        index.close();
    }
}
