package dev.detour.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code mirrors}. */
final class MirrorDecoder {
    private static final String KINDS = "exactly one of tree, url and store";
    private static final List<String> OF_STORES =
            List.of("min-fidelity", "keep", "files", "files-limit", "capture", "audit", "sync", "follow");
    private static final URI BROKEN = URI.create("http://broken.invalid/");
    private static final Duration SHORTEST_ROUND = Duration.ofSeconds(1);

    private static final Notation<Integer> GENERATIONS = Notation.number(1, 1_000);
    private static final Notation<Integer> CONNECTIONS = Notation.number(1, 64);
    private static final Notation<Integer> RATE = Notation.number(1, 1_000_000);
    private static final Notation<Integer> PROJECTS = Notation.number(0, 100_000_000);
    private static final Notation<StoreConfig.Files> FILES =
            Notation.oneOf(StoreConfig.Files.values(), kind -> kind.name().toLowerCase(Locale.ROOT));
    private static final Notation<StoreConfig.Documents> DOCUMENTS =
            Notation.oneOf(StoreConfig.Documents.values(), kind -> kind.name().toLowerCase(Locale.ROOT));
    private static final Notation<URI> ROOT = new Notation<>(
            "an http or https URL such as https://pypi.org/", text -> url(text, Set.of("http", "https")));
    private static final Notation<URI> PUBLISHED = new Notation<>(
            "an http, https or file URL such as https://mirror.example.org/pypi/",
            text -> url(text, Set.of("http", "https", "file")));

    private final Set<String> backends;
    private final @Nullable String indexBackend;
    private final Map<Path, String> directories = new HashMap<>();

    /**
     * A decoder.
     *
     * @param indexBackend the backend of {@code index}, or null
     */
    MirrorDecoder(Set<String> backends, @Nullable String indexBackend) {
        this.backends = backends;
        this.indexBackend = indexBackend;
    }

    private static @Nullable URI url(String text, Set<String> schemes) {
        try {
            URI uri = new URI(text.endsWith("/") ? text : text + "/");
            boolean known = uri.getScheme() != null
                    && schemes.contains(uri.getScheme().toLowerCase(Locale.ROOT))
                    && uri.getQuery() == null
                    && uri.getFragment() == null
                    && (uri.getHost() != null || uri.getScheme().equals("file"));
            return known ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    MirrorConfig decode(String name, Section section) {
        List<String> kinds =
                List.of("tree", "url", "store").stream().filter(section::has).toList();
        if (kinds.isEmpty()) {
            section.missing("tree", KINDS + ": a tree of bandersnatch's, one behind a URL, or Detour's own store");
        } else if (kinds.size() > 1) {
            section.problem(kinds.get(1), "beside " + kinds.get(0), KINDS);
        }
        String kind = kinds.isEmpty() ? "tree" : kinds.get(0);
        if (!kind.equals("store")) {
            for (String key : OF_STORES) {
                if (section.has(key)) {
                    section.problem(key, "present", "store, since a " + kind + " has no such thing");
                }
            }
        }
        Duration maxAge = section.get("max-age", Notation.DURATION);
        double minFidelity = section.get("min-fidelity", Notation.SHARE);
        return new MirrorConfig(name, place(name, kind, section, kinds.isEmpty()), maxAge, minFidelity);
    }

    private MirrorConfig.Place place(String name, String kind, Section section, boolean none) {
        return switch (kind) {
            case "url" -> new MirrorConfig.Url(section.get("url", ROOT, BROKEN));
            case "store" -> store(name, section);
            default -> new MirrorConfig.Tree(orBroken(none ? null : FileCheck.tree(section, "tree")));
        };
    }

    private static Path orBroken(@Nullable Path path) {
        return path == null ? Path.of("broken") : path;
    }

    private StoreConfig store(String name, Section section) {
        Path directory = FileCheck.directoryToBe(section, "store", "Detour's own copy of the index");
        if (directory != null) {
            String other = directories.putIfAbsent(directory.toAbsolutePath().normalize(), name);
            if (other != null) {
                section.problem("store", directory.toString(), "a directory other than that of mirrors." + other);
            }
        }
        Section sync = section.child("sync");
        Section follow = section.child("follow");
        if (sync != null && follow != null) {
            section.problem("follow", "beside sync", "either sync, from the index, or follow, from another Detour");
        }
        return new StoreConfig(
                orBroken(directory),
                section.get("keep", GENERATIONS),
                section.get("files", FILES),
                section.get("files-limit", Notation.SIZE),
                section.get("capture", Notation.FLAG),
                section.get("audit", Notation.SPAN),
                sync == null ? null : sync(sync),
                follow == null ? null : follow(follow));
    }

    private StoreConfig.Sync sync(Section sync) {
        URI from = sync.find("from", ROOT);
        String backend = indexBackend;
        if (sync.has("backend")) {
            backend = RouteDecoder.reference(sync, "backend", backends, "backends", "broken");
        }
        if (from == null && backend == null && !sync.has("from")) {
            sync.missing("from", "the URL of an index, or backend, or index.backend");
        }
        Section brake = sync.childOrEmpty("brake");
        return new StoreConfig.Sync(
                from,
                backend,
                atLeast(sync, "every", sync.get("every", Notation.DURATION)),
                sync.get("connections", CONNECTIONS),
                sync.get("rate", RATE),
                sync.get("documents", DOCUMENTS),
                sync.get("provenance", Notation.FLAG),
                brake.get("projects", PROJECTS),
                brake.get("share", Notation.SHARE),
                sync.get("read-all", Notation.DURATION));
    }

    private static Duration atLeast(Section section, String key, Duration value) {
        if (value.compareTo(SHORTEST_ROUND) < 0) {
            section.problem(key, Units.format(value), "at least " + Units.format(SHORTEST_ROUND));
        }
        return value;
    }

    private static StoreConfig.Follow follow(Section follow) {
        Path key = FileCheck.readable(follow, "key", "the public key that generations must be signed with");
        return new StoreConfig.Follow(
                follow.get("url", PUBLISHED, BROKEN),
                orBroken(key),
                atLeast(follow, "every", follow.get("every", Notation.DURATION)));
    }
}
