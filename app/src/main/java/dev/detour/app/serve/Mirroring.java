package dev.detour.app.serve;

import dev.detour.app.cli.MirrorTarget;
import dev.detour.config.DetourConfig;
import dev.detour.config.MirrorConfig;
import dev.detour.config.StoreConfig;
import dev.detour.mirror.capture.CaptureObserver;
import dev.detour.mirror.interchange.Export;
import dev.detour.mirror.interchange.Import;
import dev.detour.mirror.interchange.ImportObserver;
import dev.detour.mirror.interchange.ImportReport;
import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.publish.Follower;
import dev.detour.mirror.publish.Publication;
import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.Generations;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.SigningKey;
import dev.detour.mirror.store.StoreCheck;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreSettings;
import dev.detour.mirror.sync.SyncReport;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code detour mirror} on a store itself. */
public final class Mirroring implements MirrorTarget {
    @Override
    public boolean sync(DetourConfig config, MirrorConfig mirror, boolean bar, PrintWriter out)
            throws IOException, InterruptedException {
        if (!(mirror.place() instanceof StoreConfig store) || store.sync() == null) {
            throw new IOException("mirrors." + mirror.name() + " has no sync: nothing says where to copy from");
        }
        try (StoreService service = StoreService.open(
                mirror,
                store,
                config.backends(),
                () -> Withdrawn.NOTHING,
                backend -> false,
                bar ? new SyncProgress() : new SyncLog(mirror.name()),
                CaptureObserver.NONE,
                version(),
                Clock.systemUTC())) {
            SyncReport report = service.runOnce();
            out.println(report.text());
            report.parked().forEach(parked -> out.println("  " + parked.project() + ": " + parked.reason()));
            out.flush();
            return report.confirmed();
        }
    }

    private static String version() {
        return Objects.requireNonNullElse(Mirroring.class.getPackage().getImplementationVersion(), "(not packaged)");
    }

    @Override
    public boolean importFrom(Path from, Path directory, PrintWriter out) throws IOException, InterruptedException {
        try (MirrorStore store = MirrorStore.open(directory, StoreSettings.defaults(), Clock.systemUTC())) {
            ImportReport report = new Import(
                            store, Import.Settings.defaults(), PageRule.SPECIFICATION, new ImportLines(out))
                    .run(from);
            out.println(report.text());
            report.problems().forEach(problem -> out.println("  " + problem.project() + ": " + problem.reason()));
            out.flush();
            return report.problems().isEmpty();
        }
    }

    @Override
    public void exportTo(Path directory, Path store, boolean hashIndex, PrintWriter out)
            throws IOException, InterruptedException {
        try (Generations generations = Generations.open(store, StoreSettings.defaults());
                Generation.Lease lease = served(generations)) {
            Export export = new Export(lease.generation(), FileVault.reading(store), Withdrawn.NOTHING, hashIndex);
            out.println(export.into(directory).text());
            out.flush();
        }
    }

    private static Generation.Lease served(Generations generations) throws StoreException {
        Generation.Lease lease = generations.current();
        if (lease == null) {
            throw new StoreException(generations.problem());
        }
        return lease;
    }

    @Override
    public void publish(Path directory, Path store, Duration lifetime, PrintWriter out) throws IOException {
        Publication.Settings defaults = Publication.Settings.defaults();
        try (Generations generations = Generations.open(store, StoreSettings.defaults());
                Generation.Lease lease = served(generations)) {
            Publication.Outcome outcome = new Publication(
                            directory,
                            SigningKey.of(store),
                            new Publication.Settings(defaults.keep(), defaults.grace(), lifetime),
                            Clock.systemUTC())
                    .publish(lease.generation(), FileVault.reading(store));
            out.println("generation " + outcome.generation() + " is published: " + outcome.added() + " new files ("
                    + outcome.addedBytes() + " bytes), " + outcome.kept() + " kept, " + outcome.removed()
                    + " removed");
            out.flush();
        }
    }

    @Override
    public void follow(URI url, Path keyFile, Path store, StoreConfig.Files files, long filesLimit, PrintWriter out)
            throws IOException {
        PublicKey key = SigningKey.publicKey(keyFile);
        try (Generations generations = Generations.open(store, key, StoreSettings.defaults());
                Follower follower = Follower.open(
                        store,
                        generations,
                        key,
                        url,
                        new Follower.ReleaseFiles(files, filesLimit),
                        Clock.systemUTC())) {
            Follower.Outcome outcome = follower.runNow();
            out.println("generation " + outcome.generation() + " ("
                    + outcome.result().name().toLowerCase(Locale.ROOT) + "): " + outcome.fetched() + " files fetched ("
                    + outcome.fetchedBytes() + " bytes), " + outcome.reused() + " reused");
            out.flush();
        }
    }

    /** A line now and then: an import has a million projects. */
    private record ImportLines(PrintWriter out) implements ImportObserver {
        private static final long EVERY = 50_000;

        @Override
        public void onWritten(long projects) {
            if (projects % EVERY < 1_000 && projects >= EVERY) {
                out.println(projects + " projects written");
                out.flush();
            }
        }
    }

    @Override
    public boolean verify(Path store, @Nullable Path key, PrintWriter out) throws IOException {
        boolean good = true;
        for (StoreCheck.Finding finding : StoreCheck.of(store, key)) {
            good &= finding.problems().isEmpty();
            out.println(finding.text());
        }
        out.flush();
        return good;
    }
}
