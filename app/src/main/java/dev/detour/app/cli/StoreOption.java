package dev.detour.app.cli;

import dev.detour.config.ConfigLoader;
import dev.detour.config.InvalidConfigException;
import dev.detour.config.MirrorConfig;
import dev.detour.config.StoreConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of commands that work on a store itself. */
final class StoreOption {
    @ArgGroup(multiplicity = "1")
    private @Nullable Where where;

    @Option(names = "--mirror", paramLabel = "NAME", description = "which one of the configuration")
    private @Nullable String mirror;

    /** Exactly one of these. */
    private static final class Where {
        @Option(names = "--store", paramLabel = "DIR", description = "the store's directory")
        private @Nullable Path store;

        @Option(names = "--config", paramLabel = "FILE", description = "the configuration that names it")
        private @Nullable Path config;
    }

    Path directory() throws CommandFailure, InvalidConfigException {
        Path store = where == null ? null : where.store;
        if (store != null) {
            return store;
        }
        StoreConfig configured = configured();
        if (configured == null) {
            throw CommandFailure.usage("--store or --config is missing");
        }
        return configured.directory();
    }

    /** The store of the configuration, or null if its directory was given. */
    @Nullable StoreConfig configured() throws CommandFailure, InvalidConfigException {
        if (where == null || where.config == null) {
            return null;
        }
        MirrorConfig chosen = MirrorChoice.of(ConfigLoader.load(where.config), mirror);
        return chosen.place() instanceof StoreConfig store ? store : null;
    }
}
