package dev.detour.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What is kept, and for how long, whatever backends say. */
class StorePolicyProperties {
    private static final int TRIES = 1000;

    private static final List<String> TIMED = List.of(
            "max-age=60",
            "max-age=0",
            "max-age=-1",
            "max-age=99999999999999999999",
            "max-age=soon",
            "max-age",
            "s-maxage=30",
            "s-maxage=\"30\"",
            "s-maxage=99999999999",
            "max-age =5",
            "max-age=60, max-age=90");
    private static final List<String> UNTIMED = List.of(
            "public",
            "must-revalidate",
            "proxy-revalidate",
            "no-cache",
            "no-cache=\"x\"",
            "immutable",
            "no-transform",
            "stale-while-revalidate=9",
            "stale-if-error=99999999999",
            "stale-if-error",
            "community=\"",
            "=, ;",
            "");

    /** A header line. */
    private record Line(String name, String value) {}

    @Property(tries = TRIES)
    void timesAreWithinTheirBounds(@ForAll @From("anything") List<Line> lines, @ForAll @From("statuses") int status) {
        StorePolicy policy = policy(status, lines);

        if (policy != null) {
            assertThat(policy.lifetime()).isBetween(0L, Directives.MOST_SECONDS);
            assertThat(policy.initialAge()).isBetween(0L, Directives.MOST_SECONDS);
            assertThat(policy.staleWhileRevalidate()).isBetween(-1L, Directives.MOST_SECONDS);
            assertThat(policy.staleIfError()).isBetween(-1L, Directives.MOST_SECONDS);
        }
    }

    @Property(tries = TRIES)
    void whatIsForOneOrPartOfAWholeIsNeverKept(
            @ForAll @From("anything") List<Line> lines,
            @ForAll @From("personal") Line personal,
            @ForAll @From("statuses") int status,
            @ForAll Random random) {
        assertThat(policy(status, with(personal, lines, random))).isNull();
    }

    @Property(tries = TRIES)
    void whatTheFieldThatCountsForbidsIsNeverKept(
            @ForAll @From("untargeted") List<Line> lines,
            @ForAll @From("forbidding") String forbidding,
            @ForAll @From("statuses") int status,
            @ForAll Random random) {
        Line forbidden = new Line("Cache-Control", forbidding);

        assertThat(policy(status, with(forbidden, lines, random))).isNull();
    }

    @Property(tries = TRIES)
    void whatARequestForbidsIsNeverKept(
            @ForAll @From("anything") List<Line> lines, @ForAll @From("statuses") int status) {
        HttpHeaders request = Messages.headers("Cache-Control", "no-store");

        assertThat(Messages.policy(request, response(status, lines))).isNull();
    }

    @Property(tries = TRIES)
    void onlyAnswersToGetAreKept(
            @ForAll @From("anything") List<Line> lines, @ForAll @From("otherMethods") String method) {
        StorePolicy policy = StorePolicy.of(
                HttpMethod.valueOf(method),
                Messages.headers(),
                response(200, lines),
                Messages.NOW,
                Messages.NOW,
                Messages.ABSENCE);

        assertThat(policy).isNull();
    }

    @Property(tries = TRIES)
    void noFreshnessIsGuessed(@ForAll @From("timeless") List<Line> lines) {
        StorePolicy policy = policy(200, lines);

        assertThat(policy == null ? 0 : policy.lifetime()).isZero();
    }

    @Property(tries = TRIES)
    void theOrderOfLinesDoesNotCount(
            @ForAll @From("untargeted") List<Line> lines, @ForAll @From("statuses") int status, @ForAll Random random) {
        List<Line> shuffled = new ArrayList<>(lines);
        Collections.shuffle(shuffled, random);

        assertThat(policy(status, shuffled)).isEqualTo(policy(status, lines));
    }

    @Property(tries = TRIES)
    void whoIsLoggedInGetsNothingOfOthersUnlessItIsMeantForAll(
            @ForAll @From("anything") List<Line> lines, @ForAll @From("statuses") int status) {
        StorePolicy policy = Messages.policy(Messages.headers("Authorization", "Basic eDp5"), response(status, lines));

        assertThat(policy == null || policy.shareable()).isTrue();
        assertThat(policy).isIn(null, policy(status, lines));
    }

    @Provide
    Arbitrary<Integer> statuses() {
        return Arbitraries.of(200, 203, 204, 206, 301, 304, 308, 404, 410, 418, 500, 503);
    }

    @Provide
    Arbitrary<List<Line>> anything() {
        return Arbitraries.oneOf(
                        control("Cache-Control", TIMED),
                        control("Cache-Control", UNTIMED),
                        control("CDN-Cache-Control", TIMED),
                        control("Detour-Cache-Control", TIMED),
                        control("Surrogate-Control", TIMED),
                        dates("Expires"),
                        dates("Date"),
                        ages(),
                        others())
                .list()
                .ofMaxSize(8);
    }

    /** Without fields for caches like this one, and with at most one of those of which the first line counts. */
    @Provide
    Arbitrary<List<Line>> untargeted() {
        Arbitrary<List<Line>> lines = Arbitraries.oneOf(
                        control("Cache-Control", TIMED), control("Cache-Control", UNTIMED), dates("Expires"), others())
                .list()
                .ofMaxSize(8);
        return Combinators.combine(lines, dates("Date"), ages()).as((list, date, age) -> {
            List<Line> all = new ArrayList<>(list);
            all.add(date);
            all.add(age);
            return all;
        });
    }

    @Provide
    Arbitrary<List<Line>> timeless() {
        return Arbitraries.oneOf(control("Cache-Control", UNTIMED), dates("Date"), ages(), others())
                .list()
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<Line> personal() {
        return Arbitraries.of(
                new Line("Set-Cookie", "a=b"),
                new Line("set-cookie", ""),
                new Line("Content-Range", "bytes 0-1/9"),
                new Line("Vary", "*"),
                new Line("vary", "Accept, *"));
    }

    @Provide
    Arbitrary<String> forbidding() {
        return Arbitraries.of(
                "private",
                "Private",
                "private=\"x\"",
                "private=1",
                "no-store",
                "NO-STORE",
                "no-store=1",
                "max-age=60, no-store",
                ", private ,",
                "must-understand, private");
    }

    @Provide
    Arbitrary<String> otherMethods() {
        return Arbitraries.of("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get");
    }

    private static Arbitrary<Line> control(String name, List<String> values) {
        return Arbitraries.of(values).map(value -> new Line(name, value));
    }

    private static Arbitrary<Line> dates(String name) {
        return Arbitraries.of(
                        Messages.DATE,
                        "Sun, 01 Mar 2026 12:01:00 GMT",
                        "Sun, 01 Mar 2026 11:00:00 GMT",
                        "Fri, 31 Dec 9999 23:59:59 GMT",
                        "Thu, 01 Jan 1970 00:00:00 GMT",
                        "0",
                        "")
                .map(date -> new Line(name, date));
    }

    private static Arbitrary<Line> ages() {
        return Arbitraries.of("0", "30", "-30", "99999999999999999999", "x", "", "7, 8")
                .map(age -> new Line("Age", age));
    }

    private static Arbitrary<Line> others() {
        return Arbitraries.of(
                new Line("ETag", "\"a\""),
                new Line("Last-Modified", "Sun, 01 Mar 2026 11:00:00 GMT"),
                new Line("Vary", "Accept"),
                new Line("vary", "cookie ,, ACCEPT"),
                new Line("Surrogate-Key", "a  b"),
                new Line("Pragma", "no-cache"));
    }

    private static List<Line> with(Line one, List<Line> lines, Random random) {
        List<Line> all = new ArrayList<>(lines);
        all.add(random.nextInt(lines.size() + 1), one);
        return all;
    }

    private static @Nullable StorePolicy policy(int status, List<Line> lines) {
        return Messages.policy(Messages.headers(), response(status, lines));
    }

    private static HttpResponse response(int status, List<Line> lines) {
        HttpResponse response = Messages.response(status);
        lines.forEach(line -> response.headers().add(line.name(), line.value()));
        return response;
    }
}
