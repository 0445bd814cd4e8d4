package dev.detour.app.cli;

import dev.detour.config.ConfigLoader;
import dev.detour.config.DetourConfig;
import dev.detour.config.InvalidConfigException;
import dev.detour.config.MirrorConfig;
import dev.detour.config.StoreConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which store of a configuration a command is about. */
final class MirrorChoice {
    private MirrorChoice() {}

    /** The one of this name, or the only one. */
    static MirrorConfig of(DetourConfig config, @Nullable String name) throws CommandFailure {
        List<String> stores = config.mirrors().values().stream()
                .filter(mirror -> mirror.place() instanceof StoreConfig)
                .map(MirrorConfig::name)
                .toList();
        if (name == null && stores.size() != 1) {
            throw CommandFailure.usage("--mirror is missing (expected: one of " + stores + ")");
        }
        String wanted = name == null ? stores.get(0) : name;
        MirrorConfig mirror = config.mirrors().get(wanted);
        if (mirror == null || !stores.contains(wanted)) {
            throw CommandFailure.invalid("--mirror is " + wanted + " (expected: one of " + stores + ")", null);
        }
        return mirror;
    }

    static DetourConfig load(Path config) throws InvalidConfigException {
        return ConfigLoader.load(config);
    }
}
