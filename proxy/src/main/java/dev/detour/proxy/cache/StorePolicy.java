package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a backend's answer allows a shared cache to do with it (RFC 9111 3 and 4.2, RFC 5861, RFC 9213).
 *
 * <p>Freshness comes from, in this order: {@code Detour-Cache-Control}, {@code CDN-Cache-Control}, {@code Surrogate-Control},
 * {@code s-maxage}, {@code max-age}, {@code Expires}. It is never guessed; only the absence of a thing that says nothing is
 * believed for a moment.
 *
 * @param lifetime seconds of freshness, from when the answer was made
 * @param initialAge its age in seconds when it came (RFC 9111 4.2.3)
 * @param staleWhileRevalidate seconds past its freshness that it may be used while the backend is asked, -1 if unsaid
 * @param staleIfError seconds past its freshness that it may be used if the backend fails, -1 if unsaid
 * @param mustRevalidate whether it must not be used stale at all
 * @param alwaysRevalidate whether it must not be used at all before the backend was asked
 * @param shareable whether it may be the answer to a request with {@code Authorization}
 * @param vary names of the headers by which the backend tells requests apart, lower case and sorted
 * @param keys the groups it can be purged with ({@code Surrogate-Key})
 */
public record StorePolicy(
        long lifetime,
        long initialAge,
        long staleWhileRevalidate,
        long staleIfError,
        boolean mustRevalidate,
        boolean alwaysRevalidate,
        boolean shareable,
        List<String> vary,
        Set<String> keys) {
    private static final AsciiString DETOUR = AsciiString.cached("detour-cache-control");
    private static final AsciiString CDN = AsciiString.cached("cdn-cache-control");
    private static final AsciiString SURROGATE = AsciiString.cached("surrogate-control");
    private static final AsciiString SURROGATE_KEY = AsciiString.cached("surrogate-key");

    /** Statuses that are final and whole (RFC 9110 15.1); a redirection for the moment only if it says for how long. */
    private static final Set<Integer> STORABLE = Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);

    private static final Set<Integer> MOMENTARY = Set.of(302, 303, 307);

    /** What an answer allows, or null if it must not be kept. {@code absence} is for 404 and 410 that do not say themselves. */
    public static @Nullable StorePolicy of(
            HttpMethod method,
            HttpHeaders request,
            HttpResponse response,
            Instant requestTime,
            Instant responseTime,
            Duration absence) {
        HttpHeaders headers = response.headers();
        int status = response.status().code();
        boolean kind = STORABLE.contains(status) || MOMENTARY.contains(status);
        if (!HttpMethod.GET.equals(method)
                || !kind
                || headers.contains(HttpHeaderNames.SET_COOKIE)
                || headers.contains(HttpHeaderNames.CONTENT_RANGE)) {
            return null;
        }
        Directives general = Directives.of(headers.getAll(HttpHeaderNames.CACHE_CONTROL));
        Directives targeted = targeted(headers);
        Directives asked = Directives.of(request.getAll(HttpHeaderNames.CACHE_CONTROL));
        Directives ruling = targeted != null ? targeted : general;
        boolean shareable = ruling.has("public") || ruling.has("s-maxage") || ruling.has("must-revalidate");
        List<String> vary = varyOf(headers);
        boolean mayNot = ruling.has("no-store")
                || ruling.has("private")
                || asked.has("no-store")
                || vary.contains("*")
                || (request.contains(HttpHeaderNames.AUTHORIZATION) && !shareable);
        if (mayNot) {
            return null;
        }
        Directives surrogate = targeted != null ? Directives.NONE : Directives.of(headers.getAll(SURROGATE));
        if (surrogate.has("no-store")) {
            return null;
        }
        long lifetime = lifetime(surrogate, ruling, targeted == null ? headers : null, responseTime);
        if (lifetime < 0) {
            lifetime = unsaid(status, headers, absence);
        }
        if (lifetime < 0) {
            return null;
        }
        Directives timing = surrogate.hasNumber("max-age") ? surrogate : ruling;
        return new StorePolicy(
                lifetime,
                initialAge(headers, requestTime, responseTime),
                timing.seconds("stale-while-revalidate"),
                timing.seconds("stale-if-error"),
                ruling.has("must-revalidate")
                        || ruling.has("proxy-revalidate")
                        || (ruling.has("s-maxage") && !surrogate.hasNumber("max-age")),
                ruling.has("no-cache"),
                shareable,
                vary,
                keysOf(headers));
    }

    /** The same for a cache that tells requests apart by {@code name} itself. */
    public StorePolicy without(String name) {
        List<String> rest = vary.stream().filter(each -> !each.equals(name)).toList();
        return new StorePolicy(
                lifetime,
                initialAge,
                staleWhileRevalidate,
                staleIfError,
                mustRevalidate,
                alwaysRevalidate,
                shareable,
                rest,
                keys);
    }

    /** The field meant for this cache that comes first and can be read (RFC 9213 2.2), or null. */
    private static @Nullable Directives targeted(HttpHeaders headers) {
        for (AsciiString name : new AsciiString[] {DETOUR, CDN}) {
            if (headers.contains(name)) {
                Directives read = Directives.of(headers.getAll(name));
                boolean sensible = !read.has("max-age") || read.hasNumber("max-age");
                boolean says =
                        read.has("max-age") || read.has("no-store") || read.has("no-cache") || read.has("private");
                if (sensible && says) {
                    return read;
                }
            }
        }
        return null;
    }

    /** Seconds of freshness that the answer grants itself, or -1. {@code dated} is null where Expires means nothing. */
    private static long lifetime(
            Directives surrogate, Directives ruling, @Nullable HttpHeaders dated, Instant responseTime) {
        if (surrogate.hasNumber("max-age")) {
            return surrogate.seconds("max-age");
        }
        if (ruling.has("s-maxage")) {
            return ruling.seconds("s-maxage");
        }
        if (ruling.has("max-age")) {
            return ruling.seconds("max-age");
        }
        return dated != null && dated.contains(HttpHeaderNames.EXPIRES) ? untilExpiry(dated, responseTime) : -1;
    }

    private static long untilExpiry(HttpHeaders headers, Instant responseTime) {
        List<String> lines = headers.getAll(HttpHeaderNames.EXPIRES);
        Instant expires = lines.size() == 1 ? HttpInstant.of(lines.get(0)) : null;
        if (expires == null) {
            // RFC 9111 5.3: what is no date, "0" above all, is in the past
            return 0;
        }
        Instant date = dateOf(headers, responseTime);
        return Math.max(0, Duration.between(date, expires).toSeconds());
    }

    private static long unsaid(int status, HttpHeaders headers, Duration absence) {
        if (status == 404 || status == 410) {
            return absence.toSeconds();
        }
        boolean validator = headers.contains(HttpHeaderNames.ETAG) || headers.contains(HttpHeaderNames.LAST_MODIFIED);
        // never fresh, but it need not be sent again, and it is better than nothing in an outage
        return status == 200 && validator ? 0 : -1;
    }

    private static long initialAge(HttpHeaders headers, Instant requestTime, Instant responseTime) {
        long apparent = Math.max(
                0, Duration.between(dateOf(headers, responseTime), responseTime).toSeconds());
        long delay = Math.max(0, Duration.between(requestTime, responseTime).toSeconds());
        List<String> ages = headers.getAll(HttpHeaderNames.AGE);
        // a field that may be there once: the first of several (RFC 9111 5.1)
        String age = ages.isEmpty()
                ? ""
                : Lists.split(ages.get(0), ',').stream().findFirst().orElse("");
        long told = age.matches("\\d{1,10}") ? Math.min(1L << 31, Long.parseLong(age)) : 0;
        return Math.max(apparent, told + delay);
    }

    private static Instant dateOf(HttpHeaders headers, Instant otherwise) {
        Instant date = HttpInstant.of(headers.get(HttpHeaderNames.DATE));
        return date == null ? otherwise : date;
    }

    private static List<String> varyOf(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.VARY)) {
            return List.of();
        }
        Set<String> names = new TreeSet<>();
        for (String line : headers.getAll(HttpHeaderNames.VARY)) {
            Lists.split(line, ',').forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        }
        return List.copyOf(names);
    }

    private static Set<String> keysOf(HttpHeaders headers) {
        Set<String> keys = new HashSet<>();
        for (String line : headers.getAll(SURROGATE_KEY)) {
            keys.addAll(Lists.split(line, ' '));
        }
        return Set.copyOf(keys);
    }

    /** Removes what is said to this cache only. */
    public static void strip(HttpHeaders headers) {
        headers.remove(DETOUR);
        headers.remove(CDN);
        headers.remove(SURROGATE);
        headers.remove(SURROGATE_KEY);
    }
}
