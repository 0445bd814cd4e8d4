package dev.detour.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule that classifies a request and says who answers it.
 *
 * @param name unique among all routes; the {@code route} label of metrics
 * @param match what requests it takes
 * @param api the API class
 * @param backend name of the backend
 * @param mirror name of the mirror that {@link Fallback#MIRROR} means, or null
 * @param fallback where to look when the backend has no answer, in order; ends with {@link Fallback#REFUSE}
 * @param deadline overrules the backend's, or null
 * @param divertAfter overrules the backend's, or null
 * @param statusCounts whether a status that says "broken" is taken for the backend's own; if not it is passed on like any other
 * @param grace how long past its freshness a cached answer may be given when the backend has none, unless the answer says otherwise
 */
public record RouteConfig(
        String name,
        Match match,
        ApiClass api,
        String backend,
        @Nullable String mirror,
        List<Fallback> fallback,
        @Nullable Duration deadline,
        @Nullable Duration divertAfter,
        boolean statusCounts,
        Duration grace) {

    public RouteConfig {
        fallback = List.copyOf(fallback);
    }

    /** A route with the deadlines of its backend, whose status counts. */
    public RouteConfig(
            String name, Match match, ApiClass api, String backend, @Nullable String mirror, List<Fallback> fallback) {
        this(name, match, api, backend, mirror, fallback, null, null, true, defaultGrace(api));
    }

    /** What PyPI's own edge grants: five days for pages for people, one for everything that tools read. */
    public static Duration defaultGrace(ApiClass api) {
        return api == ApiClass.WEB ? Duration.ofDays(5) : Duration.ofDays(1);
    }

    /**
     * Conditions, all of which must hold.
     *
     * @param host exact host without port, lower case, or null for any
     * @param path template: {@code {name}} is one non-empty segment, {@code **} at the end is any rest
     * @param methods upper case; empty for any
     * @param headers name to value that must be equal ({@code *} for "present"; a trailing {@code *} matches any ending);
     *     names and values are compared without regard to case
     * @param query parameter to value that must be equal ({@code *} for "present")
     */
    public record Match(
            @Nullable String host,
            String path,
            Set<String> methods,
            Map<String, String> headers,
            Map<String, String> query) {

        public Match {
            methods = Collections.unmodifiableSet(new LinkedHashSet<>(methods));
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
        }
    }
}
