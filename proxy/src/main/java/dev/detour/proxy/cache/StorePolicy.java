package dev.detour.proxy.cache;

import io.netty.handler.codec.http.DefaultHttpHeaders;
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
 * What a response allows a shared cache (RFC 9111 3 and 4.2, RFC 5861, RFC 9213). All times are in seconds.
 *
 * @param lifetime how long it is fresh, counted from age 0
 * @param initialAge its age when it arrived, corrected for the way (4.2.3)
 * @param staleWhileRevalidate for how long it may be given stale while a newer one is fetched; -1 if it does not say
 * @param staleIfError for how long it may be given stale when the backend fails; -1 if it does not say
 * @param mustRevalidate whether it must never be given stale
 * @param alwaysRevalidate whether the backend must be asked each time
 * @param shareable whether it may answer requests with {@code Authorization}
 * @param vary the header names it was selected by, lower-case and sorted
 * @param keys the surrogate keys it can be purged by
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
    private static final Set<Integer> STATUSES =
            Set.of(200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501);
    private static final AsciiString DETOUR_CACHE_CONTROL = AsciiString.cached("detour-cache-control");
    private static final AsciiString CDN_CACHE_CONTROL = AsciiString.cached("cdn-cache-control");
    private static final AsciiString SURROGATE_CONTROL = AsciiString.cached("surrogate-control");
    private static final AsciiString SURROGATE_KEY = AsciiString.cached("surrogate-key");
    private static final List<AsciiString> TARGETED =
            List.of(DETOUR_CACHE_CONTROL, CDN_CACHE_CONTROL, SURROGATE_CONTROL, SURROGATE_KEY);

    public StorePolicy {
        vary = List.copyOf(vary);
        keys = Set.copyOf(keys);
    }

    /**
     * What may be done with a response, or null if it must not be stored.
     *
     * @param absence how long 404 and 410 count where they do not say; zero for not at all
     */
    public static @Nullable StorePolicy of(
            HttpMethod method,
            HttpHeaders request,
            HttpResponse response,
            Instant requestTime,
            Instant responseTime,
            Duration absence) {
        HttpHeaders headers = response.headers();
        int status = response.status().code();
        if (!HttpMethod.GET.equals(method) || !STATUSES.contains(status) || isPersonalOrPartial(headers)) {
            return null;
        }
        List<String> vary = vary(headers);
        Control control = control(headers);
        if (vary == null
                || control.forbidsStoring()
                || RequestDirectives.of(request, true).noStore()) {
            return null;
        }
        Directives said = control.said();
        boolean shareable = said.has("public") || said.has("s-maxage") || said.has("must-revalidate");
        long lifetime = lifetime(control, headers, responseTime, status, absence);
        if (lifetime < 0 || (!shareable && request.contains(HttpHeaderNames.AUTHORIZATION))) {
            return null;
        }
        return new StorePolicy(
                lifetime,
                initialAge(headers, requestTime, responseTime),
                control.staleness("stale-while-revalidate"),
                control.staleness("stale-if-error"),
                control.mustRevalidate(),
                said.has("no-cache"),
                shareable,
                vary,
                keys(headers));
    }

    /** Whether a response header is meant for caches in front of the backend only, and no client's business. */
    static boolean isTargeted(CharSequence headerName) {
        for (AsciiString name : TARGETED) {
            if (name.contentEqualsIgnoreCase(headerName)) {
                return true;
            }
        }
        return false;
    }

    /** What {@link #isTargeted} names; where {@code told} does not say it again, what was said {@code before} holds. */
    public static HttpHeaders targeted(HttpHeaders told, HttpHeaders before) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (AsciiString name : TARGETED) {
            headers.set(name, (told.contains(name) ? told : before).getAll(name));
        }
        return headers;
    }

    /** Removes what {@link #isTargeted} names. */
    public static void strip(HttpHeaders headers) {
        for (AsciiString name : TARGETED) {
            headers.remove(name);
        }
    }

    /**
     * The words that count.
     *
     * @param said of the targeted field that is valid, else of {@code Cache-Control}
     * @param targeted whether {@code said} is targeted, and {@code Expires} therefore without meaning
     * @param surrogate of {@code Surrogate-Control}, which overrides how long but not whether
     */
    private record Control(Directives said, boolean targeted, Directives surrogate) {
        /** Who asks for caches that understand the status means by no-store those that do not (RFC 9111 5.2.2.3). */
        boolean forbidsStoring() {
            return (said.has("no-store") && !said.has("must-understand"))
                    || said.has("private")
                    || surrogate.has("no-store");
        }

        boolean surrogateDecides() {
            return surrogate.isNumber("max-age");
        }

        /**
         * s-maxage implies proxy-revalidate (RFC 9111 5.2.2.10), where it is s-maxage that counts, and unless the same answer
         * says for how long it may be stale.
         */
        boolean mustRevalidate() {
            boolean implied = said.has("s-maxage")
                    && !surrogateDecides()
                    && staleness("stale-while-revalidate") < 0
                    && staleness("stale-if-error") < 0;
            return said.has("must-revalidate") || said.has("proxy-revalidate") || implied;
        }

        long staleness(String name) {
            return surrogate.isNumber(name) ? surrogate.seconds(name) : said.seconds(name);
        }

        /** The lifetime that was said, or -1 for nothing said; {@code Expires} is not looked at. */
        long lifetime() {
            if (surrogateDecides()) {
                return surrogate.seconds("max-age");
            }
            return said.has("s-maxage") ? said.seconds("s-maxage") : said.seconds("max-age");
        }
    }

    private static Control control(HttpHeaders headers) {
        Directives own = TargetedControl.parse(headers.getAll(DETOUR_CACHE_CONTROL));
        Directives targeted = own != null ? own : TargetedControl.parse(headers.getAll(CDN_CACHE_CONTROL));
        if (targeted != null) {
            return new Control(targeted, true, Directives.NONE);
        }
        Directives said = Directives.of(headers.getAll(HttpHeaderNames.CACHE_CONTROL));
        return new Control(said, false, Directives.of(headers.getAll(SURROGATE_CONTROL)));
    }

    /** Whether a whole answer to a request without credentials is what anybody would have got: it does not say otherwise. */
    public static boolean isForEverybody(HttpHeaders response) {
        return !isPersonalOrPartial(response) && !control(response).forbidsStoring() && vary(response) != null;
    }

    private static boolean isPersonalOrPartial(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.SET_COOKIE) || headers.contains(HttpHeaderNames.CONTENT_RANGE);
    }

    /** Seconds, or -1 if nothing allows to keep it. No lifetime is guessed (4.2.2). */
    private static long lifetime(
            Control control, HttpHeaders headers, Instant responseTime, int status, Duration absence) {
        long said = control.lifetime();
        if (said >= 0) {
            return said;
        }
        if (!control.targeted() && headers.contains(HttpHeaderNames.EXPIRES)) {
            return untilExpiry(headers, responseTime);
        }
        if ((status == 404 || status == 410) && absence.toSeconds() > 0) {
            return absence.toSeconds();
        }
        boolean validator = headers.contains(HttpHeaderNames.ETAG) || headers.contains(HttpHeaderNames.LAST_MODIFIED);
        return status == 200 && validator ? 0 : -1;
    }

    private static long untilExpiry(HttpHeaders headers, Instant responseTime) {
        List<String> lines = headers.getAll(HttpHeaderNames.EXPIRES);
        Instant expires = HttpDates.parse(lines.get(0));
        if (expires == null || new HashSet<>(lines).size() > 1) {
            return 0;
        }
        Instant date = HttpDates.parse(headers.get(HttpHeaderNames.DATE));
        long seconds = expires.getEpochSecond() - (date == null ? responseTime : date).getEpochSecond();
        return Math.min(Directives.MOST_SECONDS, Math.max(0, seconds));
    }

    private static long initialAge(HttpHeaders headers, Instant requestTime, Instant responseTime) {
        Instant date = HttpDates.parse(headers.get(HttpHeaderNames.DATE));
        long apparent = date == null ? 0 : responseTime.getEpochSecond() - date.getEpochSecond();
        // a clock that was set back meanwhile makes nothing younger
        long delay = Math.max(0, Duration.between(requestTime, responseTime).toSeconds());
        return Math.min(Directives.MOST_SECONDS, Math.max(apparent, age(headers) + delay));
    }

    /** The first value of {@code Age}; what is no number is ignored (5.1). */
    private static long age(HttpHeaders headers) {
        String age = headers.get(HttpHeaderNames.AGE);
        if (age == null) {
            return 0;
        }
        int comma = age.indexOf(',');
        return Math.max(0, Directives.deltaSeconds((comma < 0 ? age : age.substring(0, comma)).strip()));
    }

    /** Sorted lower-case names, or null where nothing but the backend knows ({@code *}). */
    private static @Nullable List<String> vary(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.VARY)) {
            return List.of();
        }
        TreeSet<String> names = new TreeSet<>();
        for (String line : headers.getAll(HttpHeaderNames.VARY)) {
            for (String element : line.split(",", -1)) {
                names.add(element.strip().toLowerCase(Locale.ROOT));
            }
        }
        names.remove("");
        return names.contains("*") ? null : List.copyOf(names);
    }

    private static Set<String> keys(HttpHeaders headers) {
        Set<String> keys = new HashSet<>();
        for (String line : headers.getAll(SURROGATE_KEY)) {
            keys.addAll(List.of(line.strip().split("\\s+", -1)));
        }
        keys.remove("");
        return keys;
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
}
