package dev.detour.app.serve;

import dev.detour.app.cli.MirrorTarget;
import dev.detour.config.DetourConfig;
import dev.detour.config.MirrorConfig;
import dev.detour.config.StoreConfig;
import dev.detour.mirror.store.StoreCheck;
import dev.detour.mirror.sync.SyncReport;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
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
