package dev.detour.config;

import dev.detour.config.MirrorConfig.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code mirrors}. */
final class MirrorDecoder {
    private static final String KINDS = "exactly one of tree, url and store";
    private static final List<String> OF_STORES =
            List.of("min-fidelity", "keep", "files", "files-limit", "capture", "audit", "sync", "follow");

    private final MirrorPlaces places = new MirrorPlaces();
    private final StoreDecoder stores;

    /**
     * A decoder.
     *
     * @param indexBackend the backend of {@code index}, or null
     */
    MirrorDecoder(Map<String, BackendConfig> backends, @Nullable String indexBackend) {
        this.stores = new StoreDecoder(backends, indexBackend);
    }

    MirrorConfig decode(String name, Section section) {
        List<String> kinds = section.alternatives(List.of("tree", "url", "store"), KINDS);
        if (kinds.isEmpty()) {
            section.missing("tree", KINDS + ": a tree of bandersnatch's, one behind a URL, or Detour's own store");
        }
        if (kinds.size() == 1 && !section.has("store")) {
            OF_STORES.stream()
                    .filter(section::has)
                    .forEach(key -> section.problem(
                            key, "present", "no " + key + " with " + kinds.get(0) + "; only a store has it"));
        }
        return new MirrorConfig(
                name,
                kinds.isEmpty() ? new MirrorConfig.Tree(MirrorPlaces.BROKEN) : place(name, kinds.get(0), section),
                section.get("max-age", Notation.DURATION),
                section.get("min-fidelity", Notation.SHARE));
    }

    private Place place(String name, String kind, Section section) {
        return switch (kind) {
            case "url" -> new MirrorConfig.Url(section.get("url", WebRoot.INDEX, WebRoot.BROKEN));
            case "store" -> {
                Path directory = FileCheck.directoryToBe(section, "store", "Detour's own copy of the index");
                yield stores.decode(places.store(name, section, directory), section);
            }
            default -> new MirrorConfig.Tree(places.tree(name, section, FileCheck.tree(section, "tree")));
        };
    }
}
