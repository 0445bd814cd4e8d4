package dev.detour.mirror.sync;

import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** One run of a sync as a process of its own, to be killed. Arguments: the store, the index. */
final class SyncProcess {
    private SyncProcess() {}

    public static void main(String[] args) throws Exception {
        SyncSettings settings = new SyncSettings(
                Duration.ofMillis(1),
                2,
                100_000,
                SyncSettings.Documents.PROJECT,
                true,
                SyncSettings.Files.NONE,
                1_000,
                0.05,
                Duration.ofDays(7));
        try (MirrorStore store = MirrorStore.open(Path.of(args[0]), StoreSettings.defaults(), Clock.systemUTC());
                Syncer syncer = new Syncer(
                        "killed",
                        store,
                        IndexAddress.of(URI.create(args[1])),
                        settings,
                        new Syncer.Surroundings(
                                "test", PageRule.SPECIFICATION, () -> false, SyncObserver.NONE, Clock.systemUTC()))) {
            System.out.println("begun");
            System.out.println(syncer.run().text());
        }
    }
}
