package dev.detour.bench.scale;

import dev.detour.mirror.interchange.Import;
import dev.detour.mirror.interchange.ImportObserver;
import dev.detour.mirror.interchange.ImportReport;
import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.page.ProjectPage;
import dev.detour.mirror.page.SimpleFormat;
import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreSettings;
import dev.detour.mirror.sync.IndexAddress;
import dev.detour.mirror.sync.SyncObserver;
import dev.detour.mirror.sync.SyncReport;
import dev.detour.mirror.sync.SyncSettings;
import dev.detour.mirror.sync.Syncer;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Imports an invented index into a store, follows it, reads from it, and says what each took. */
final class Measurement {
    private static final int LOOKUPS = 20_000;
    private static final int SAMPLE = 1_001;
    private static final int CONNECTIONS = 8;
    /** The invented index is as old as it was invented: its pages would all be due to be read again. */
    private static final Duration NEVER = Duration.ofDays(36_500);

    /** No politeness: the index is on this machine. */
    private static final int RATE = 100_000;

    private final InventedIndex index;
    private final Path directory;
    private final List<Row> rows = new ArrayList<>();

    /** A line of the table. */
    record Row(String what, String value) {}

    /** What was measured, and what it was measured on. */
    record Result(List<Row> rows, ImportReport imported, SyncReport unchanged, SyncReport changed) {
        String text() {
            StringBuilder text = new StringBuilder();
            rows.forEach(row -> text.append(String.format(Locale.ROOT, "%-44s %s%n", row.what(), row.value())));
            return text.toString();
        }
    }

    Measurement(InventedIndex index, Path directory) {
        this.index = index;
        this.directory = directory;
    }

    /**
     * Measures.
     *
     * @param server the invented index, as {@link InventedServer} serves it
     */
    Result run(Path pages, URI server) throws IOException, InterruptedException {
        try (MirrorStore store = MirrorStore.open(directory, StoreSettings.defaults(), Clock.systemUTC())) {
            ImportReport imported = imported(store, pages);
            reads(store);
            SyncReport whole = synced(store, server.resolve("/0/"), "no-change run, list fetched and compared");
            synced(store, server.resolve("/0/"), "no-change run, list not modified");
            SyncReport changed = synced(store, server.resolve("/1/"), "run with changed projects");
            row("store after it, generations sharing files", megabytes(size()));
            row("resident memory, peak of all", megabytes(peak()));
            return new Result(List.copyOf(rows), imported, whole, changed);
        }
    }

    private void row(String what, String value) {
        rows.add(new Row(what, value));
    }

    private ImportReport imported(MirrorStore store, Path pages) throws IOException, InterruptedException {
        ImportReport report =
                new Import(store, Import.Settings.defaults(), PageRule.SPECIFICATION, ImportObserver.NONE).run(pages);
        row("import", report.text());
        row("resident memory, peak of the import", megabytes(peak()));
        row("store after the import", megabytes(size()));
        return report;
    }

    private SyncReport synced(MirrorStore store, URI base, String what) throws IOException, InterruptedException {
        SyncSettings settings = new SyncSettings(
                Duration.ofMinutes(5),
                CONNECTIONS,
                RATE,
                SyncSettings.Documents.NONE,
                false,
                SyncSettings.Files.NONE,
                1_000,
                0.05,
                NEVER);
        Syncer.Surroundings surroundings = new Syncer.Surroundings(
                "bench", PageRule.SPECIFICATION, () -> false, SyncObserver.NONE, Clock.systemUTC());
        try (Syncer syncer = new Syncer("bench", store, IndexAddress.of(base), settings, surroundings)) {
            SyncReport report = syncer.run();
            row(what, report.text());
            return report;
        }
    }

    private void reads(MirrorStore store) throws IOException {
        try (Generation.Lease lease = Objects.requireNonNull(store.generations().current())) {
            Generation generation = lease.generation();
            String typical = typical();
            for (int i = 0; i < LOOKUPS; i++) {
                html(generation, typical, store.files());
            }
            row("lookup and HTML of a p50 page, warm", times(() -> html(generation, typical, store.files())));
            SplittableRandom random = new SplittableRandom(7);
            row(
                    "lookup and HTML of any page",
                    times(() -> html(generation, name(random.nextInt(index.projects())), store.files())));
            list(generation);
        }
    }

    /** A project whose page is of the size that half of the pages have. */
    private String typical() {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < Math.min(SAMPLE, index.projects()); i++) {
            numbers.add(i);
        }
        numbers.sort(Comparator.comparing(number -> index.page(number, 0).length));
        return name(numbers.get(numbers.size() / 2));
    }

    private String name(int number) {
        return Objects.requireNonNull(ProjectName.normalise(index.name(number)));
    }

    private static int html(Generation generation, String project, FileVault vault) {
        try {
            ProjectPage page = generation.page(project, Withdrawn.NOTHING, vault);
            return page == null ? 0 : page.html().length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String times(Runnable work) {
        long[] nanos = new long[LOOKUPS];
        for (int i = 0; i < nanos.length; i++) {
            long began = System.nanoTime();
            work.run();
            nanos[i] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT, "p50 %.1f µs, p99 %.1f µs", nanos[LOOKUPS / 2] / 1e3, nanos[LOOKUPS * 99 / 100] / 1e3);
    }

    private void list(Generation generation) throws IOException {
        Path file = generation.index(SimpleFormat.V1_JSON);
        long began = System.nanoTime();
        long bytes = 0;
        byte[] block = new byte[64 << 10];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                bytes += n;
            }
        }
        row(
                "project list, sent from a file in blocks",
                megabytes(bytes) + " read in " + (System.nanoTime() - began) / 1_000_000 + " ms with 64 KiB");
    }

    /** Bytes on disk: a file with several names once. */
    private long size() throws IOException {
        Set<Object> seen = new HashSet<>();
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> isFirst(file, seen))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static boolean isFirst(Path file, Set<Object> seen) {
        try {
            Object inode = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return inode == null || seen.add(inode);
        } catch (IOException e) {
            // files of a database come and go
            return false;
        }
    }

    /** Bytes of memory this process had at most, as Linux counts them; 0 where it does not. */
    private static long peak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        return 0;
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
    }
}
