package dev.detour.config;

import static dev.detour.config.EffectiveConfig.ordered;

import java.util.Locale;
import java.util.Map;

/** A mirror in force, as YAML that can be loaded. */
final class EffectiveMirror {
    private EffectiveMirror() {}

    static Map<String, Object> tree(MirrorConfig mirror) {
        if (mirror.place() instanceof StoreConfig store) {
            return store(mirror, store);
        }
        return mirror.place() instanceof MirrorConfig.Url url
                ? ordered("url", url.base().toString(), "max-age", Units.format(mirror.maxAge()))
                : ordered("tree", mirror.tree(), "max-age", Units.format(mirror.maxAge()));
    }

    private static Map<String, Object> store(MirrorConfig mirror, StoreConfig store) {
        StoreConfig.Sync sync = store.sync();
        StoreConfig.Follow follow = store.follow();
        return ordered(
                "store",
                store.directory(),
                "max-age",
                Units.format(mirror.maxAge()),
                "min-fidelity",
                Units.formatShare(mirror.minFidelity()),
                "keep",
                store.keep(),
                "files",
                label(store.files()),
                "files-limit",
                Units.formatSize(store.filesLimit()),
                "capture",
                store.capture(),
                "audit",
                Units.formatSpan(store.audit()),
                "sync",
                sync == null ? null : sync(sync),
                "follow",
                follow == null
                        ? null
                        : ordered(
                                "url",
                                follow.url().toString(),
                                "key",
                                follow.key(),
                                "every",
                                Units.format(follow.every())));
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> sync(StoreConfig.Sync sync) {
        return ordered(
                "from",
                sync.from() == null ? null : sync.from().toString(),
                "backend",
                sync.backend(),
                "every",
                Units.format(sync.every()),
                "connections",
                sync.connections(),
                "rate",
                sync.rate(),
                "documents",
                label(sync.documents()),
                "provenance",
                sync.provenance(),
                "brake",
                ordered("projects", sync.brakeProjects(), "share", Units.formatShare(sync.brakeShare())),
                "read-all",
                Units.format(sync.readAll()));
    }
}
