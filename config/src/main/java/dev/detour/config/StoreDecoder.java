package dev.detour.config;

import dev.detour.config.BackendConfig.Endpoint;
import dev.detour.config.StoreConfig.Documents;
import dev.detour.config.StoreConfig.Files;
import dev.detour.config.StoreConfig.Follow;
import dev.detour.config.StoreConfig.Sync;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a mirror with {@code store} says about its store. */
final class StoreDecoder {
    /** Each run asks for the list of all projects; no index should have to answer that more often. */
    private static final Duration BETWEEN_RUNS = Duration.ofSeconds(10);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private static final Notation<Integer> GENERATIONS = Notation.number(1, 100);
    private static final Notation<Integer> CONNECTIONS = Notation.number(1, 50);
    private static final Notation<Integer> RATE = Notation.number(1, 100_000);
    private static final Notation<Integer> PROJECTS = Notation.number(0, Integer.MAX_VALUE);
    private static final Notation<Files> FILES =
            Notation.oneOf(Files.values(), kind -> kind.name().toLowerCase(Locale.ROOT));
    private static final Notation<Documents> DOCUMENTS =
            Notation.oneOf(Documents.values(), kind -> kind.name().toLowerCase(Locale.ROOT));

    private final Map<String, BackendConfig> backends;
    private final @Nullable String indexBackend;

    StoreDecoder(Map<String, BackendConfig> backends, @Nullable String indexBackend) {
        this.backends = backends;
        this.indexBackend = indexBackend;
    }

    StoreConfig decode(Path directory, Section store) {
        Section sync = store.child("sync");
        Section follow = store.child("follow");
        if (sync != null && follow != null) {
            store.problem("follow", "beside sync", "either sync, from the index, or follow, from another Detour");
        }
        /* The word none in the list of settings says that there is no default, which comes to the same. */
        Files files = store.get("files", FILES, Files.NONE);
        long limit = store.get("files-limit", Notation.SIZE);
        if (files != Files.NONE && limit == 0) {
            store.problem("files-limit", Problems.quoted("0"), "more than 0, or files: none");
        }
        return new StoreConfig(
                directory,
                store.get("keep", GENERATIONS),
                files,
                limit,
                capture(store),
                audit(store),
                sync == null ? null : sync(sync),
                follow == null ? null : follow(follow));
    }

    /** What a follower has is signed by another: nothing of its own may get in. */
    private static boolean capture(Section store) {
        int before = store.problems().count();
        boolean capture = store.get("capture", Notation.FLAG);
        if (!store.has("follow")) {
            return capture;
        }
        if (capture && store.has("capture") && store.problems().count() == before) {
            store.problem("capture", Problems.quoted("true"), "no capture with follow: what is followed is signed");
        }
        return false;
    }

    /** Pages are compared with those of the index that is asked. */
    private static Duration audit(Section store) {
        int before = store.problems().count();
        Duration audit = store.get("audit", Notation.SPAN);
        if (store.has("sync")) {
            return audit;
        }
        if (!audit.isZero() && store.has("audit") && store.problems().count() == before) {
            store.problem(
                    "audit", Problems.quoted(Units.format(audit)), "0s, or sync: without it there is no index to ask");
        }
        return Duration.ZERO;
    }

    private Sync sync(Section sync) {
        URI from = sync.find("from", WebRoot.INDEX);
        String backend = backend(sync, from);
        if (backend == null && !sync.has("from")) {
            sync.missing("from", "the URL of an index, or backend, or index.backend");
        }
        Duration every = sync.duration("every", BETWEEN_RUNS);
        Duration readAll = sync.get("read-all", Notation.DURATION);
        Order.atMost("every", "read-all", Units::format).check(sync, every, readAll);
        Section brake = sync.childOrEmpty("brake");
        return new Sync(
                from,
                backend,
                every,
                sync.get("connections", CONNECTIONS),
                sync.get("rate", RATE),
                sync.get("documents", DOCUMENTS),
                sync.get("provenance", Notation.FLAG),
                brake.get("projects", PROJECTS),
                brake.get("share", Notation.PART),
                readAll);
    }

    /**
     * Whose breaker pauses the sync. Without a word it is the index's backend, unless another host is asked: that one may
     * well be up while the backend is down, which is when its answers are wanted most.
     */
    private @Nullable String backend(Section sync, @Nullable URI from) {
        if (sync.has("backend")) {
            return RouteDecoder.reference(sync, "backend", backends.keySet(), "backends", "broken");
        }
        BackendConfig backend = indexBackend == null ? null : backends.get(indexBackend);
        return from == null || (backend != null && isAt(from, backend.endpoints())) ? indexBackend : null;
    }

    private static boolean isAt(URI from, List<Endpoint> endpoints) {
        String host = from.getHost().replaceAll("[\\[\\]]", "");
        return endpoints.stream().anyMatch(endpoint -> endpoint.address().host().equalsIgnoreCase(host));
    }

    private static Follow follow(Section follow) {
        Path key = FileCheck.readable(follow, "key", "the public key that generations must be signed with");
        return new Follow(
                follow.get("url", WebRoot.PUBLISHED, WebRoot.BROKEN),
                key == null ? MirrorPlaces.BROKEN : key,
                follow.duration("every", BETWEEN_LOOKS));
    }
}
