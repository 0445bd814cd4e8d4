package dev.detour.config;

import dev.detour.config.RouteConfig.Match;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads entries of {@code routes}, the operator's own and those of a preset. */
final class RouteDecoder {
    private static final String FALLBACKS = "a list of stale, mirror, refuse, in order, ending with refuse";

    private final Map<String, BackendConfig> backends;
    private final Set<String> mirrors;
    private final @Nullable IndexConfig presetOf;
    private final @Nullable String defaultMirror;

    private RouteDecoder(
            Map<String, BackendConfig> backends,
            Set<String> mirrors,
            @Nullable IndexConfig presetOf,
            @Nullable String defaultMirror) {
        this.backends = backends;
        this.mirrors = mirrors;
        this.presetOf = presetOf;
        this.defaultMirror = defaultMirror;
    }

    /** For routes of the operator; {@code defaultMirror} is the mirror of the index, if there is one. */
    static RouteDecoder own(Map<String, BackendConfig> backends, Set<String> mirrors, @Nullable String defaultMirror) {
        return new RouteDecoder(backends, mirrors, null, defaultMirror);
    }

    /** For routes of a preset, which all lead to the backend and the mirror of the index. */
    static RouteDecoder preset(IndexConfig index) {
        return new RouteDecoder(Map.of(), Set.of(), index, index.mirror());
    }

    RouteConfig decode(Section route) {
        ApiClass api = route.get("api", Notation.API_CLASS);
        String mirror = mirror(route);
        String backend = backend(route);
        Duration deadline = route.find("deadline", Notation.DURATION);
        Duration divertAfter = route.find("divert-after", Notation.DURATION);
        checkDeadlines(route, backends.get(backend), divertAfter, deadline);
        return new RouteConfig(
                route.get("name", Notation.NAME, "broken"),
                match(route.child("match")),
                api,
                backend,
                mirror,
                fallback(route, api, mirror),
                deadline,
                divertAfter,
                route.get("status-counts", Notation.FLAG),
                grace(route, api));
    }

    /* What the route does not say, its backend says. */
    private static void checkDeadlines(
            Section route,
            @Nullable BackendConfig backend,
            @Nullable Duration divertAfter,
            @Nullable Duration deadline) {
        if (backend != null && (divertAfter != null || deadline != null)) {
            BackendDecoder.checkDeadlines(
                    route,
                    divertAfter == null ? backend.divertAfter() : divertAfter,
                    deadline == null ? backend.deadline() : deadline);
        }
    }

    private String backend(Section route) {
        if (presetOf != null) {
            return presetOf.backend();
        }
        return reference(route, "backend", backends.keySet(), "backends", "broken");
    }

    private @Nullable String mirror(Section route) {
        if (!route.has("mirror")) {
            return defaultMirror;
        }
        String mirror = reference(route, "mirror", mirrors, "mirrors", "");
        return mirror.isEmpty() ? null : mirror;
    }

    /** The name in a setting that has to be one of those defined elsewhere. */
    static String reference(Section section, String key, Set<String> defined, String where, String broken) {
        String expected = defined.isEmpty()
                ? "a name defined under " + where + ", where there is none"
                : "a name defined under " + where + ": " + String.join(", ", defined);
        String name = section.find(key, new Notation<>(expected, text -> defined.contains(text) ? text : null));
        return name == null ? broken : name;
    }

    private static Match match(@Nullable Section match) {
        if (match == null) {
            return new Match(null, "/**", Set.of(), Map.of(), Map.of());
        }
        Set<String> methods =
                new LinkedHashSet<>(match.values("methods", "a list of methods such as [GET, HEAD]", Notation.METHOD));
        Map<String, String> headers = match.texts("headers", "a mapping of header to value", Notation.HEADER_VALUE);
        Set<String> seen = new HashSet<>();
        for (String header : headers.keySet()) {
            if (!Notation.isToken(header)) {
                match.problem("headers", Problems.quoted(header), "header names such as Content-Type");
            } else if (!seen.add(header.toLowerCase(Locale.ROOT))) {
                match.problem("headers", Problems.quoted(header) + " twice", "each header once, in whatever case");
            }
        }
        return new Match(
                match.find("host", Notation.HOST),
                match.get("path", Notation.PATH_TEMPLATE),
                methods,
                headers,
                match.texts("query", "a mapping of parameter to value", Notation.PARAMETER_VALUE));
    }

    private static List<Fallback> fallback(Section route, ApiClass api, @Nullable String mirror) {
        if (!route.has("fallback")) {
            return defaultFallback(api, mirror);
        }
        Problems problems = route.problems();
        int before = problems.count();
        List<Fallback> fallback = route.values("fallback", FALLBACKS, Notation.FALLBACK);
        if (problems.count() == before) {
            checkOrder(route, fallback, mirror);
        }
        return fallback;
    }

    private static void checkOrder(Section route, List<Fallback> fallback, @Nullable String mirror) {
        String labels = fallback.stream().map(Fallback::label).toList().toString();
        int refuse = fallback.indexOf(Fallback.REFUSE);
        if (refuse < 0) {
            route.problem("fallback", labels, "refuse as the last of the list");
        } else if (refuse < fallback.size() - 1) {
            route.problem("fallback", labels, "nothing after refuse, which always answers");
        }
        if (new HashSet<>(fallback).size() < fallback.size()) {
            route.problem("fallback", labels, "each fallback once");
        }
        /* A mirror that was named but is not known has its own problem already. */
        if (fallback.contains(Fallback.MIRROR) && mirror == null && !route.has("mirror")) {
            route.problem(
                    "fallback", labels, "a mirror for this route (mirror: here or in index), or a list without it");
        }
    }

    private static Duration grace(Section route, ApiClass api) {
        Duration written = route.find("grace", Notation.DURATION);
        return written != null ? written : RouteConfig.defaultGrace(api);
    }

    private static List<Fallback> defaultFallback(ApiClass api, @Nullable String mirror) {
        boolean mirrored = api == ApiClass.SIMPLE || api == ApiClass.JSON || api == ApiClass.FILE;
        return mirrored && mirror != null
                ? List.of(Fallback.STALE, Fallback.MIRROR, Fallback.REFUSE)
                : List.of(Fallback.STALE, Fallback.REFUSE);
    }
}
