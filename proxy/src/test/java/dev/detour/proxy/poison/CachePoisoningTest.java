package dev.detour.proxy.poison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.CacheConfig;
import dev.detour.proxy.Await;
import dev.detour.proxy.Caches;
import dev.detour.proxy.RunningProxy;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nobody changes what somebody else gets. What a victim must get is what it gets from a proxy that keeps nothing, in front of
 * the same backend; how the attacker is answered matters only so far that it is a whole answer of a kind that makes sense.
 */
class CachePoisoningTest {
    private static final CacheConfig ON = Caches.inMemory(64 << 20, 1 << 20, Duration.ofSeconds(10), false);
    private static final AtomicInteger NAMES = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private static EchoBackend backend;

    @SuppressWarnings("NullAway.Init")
    private static RunningProxy proxy;

    @SuppressWarnings("NullAway.Init")
    private static RunningProxy without;

    /** One that is under attack by nobody else. */
    private final String name = "page" + NAMES.incrementAndGet();

    @BeforeAll
    static void start() throws IOException {
        backend = new EchoBackend();
        proxy = RunningProxy.with().endpoints(backend.backend()).cache(ON).start();
        without = RunningProxy.with().endpoints(backend.backend()).start();
    }

    @AfterAll
    static void stop() {
        proxy.close();
        without.close();
        backend.close();
    }

    @BeforeEach
    void forget() {
        backend.backend().forget();
    }

    static Stream<Arguments> attacks() {
        List<Arguments> all = new ArrayList<>();
        for (Attack attack : Attacks.onAnyPage()) {
            for (Page page : Page.values()) {
                all.add(Arguments.of(attack, page));
            }
        }
        Attacks.onPagesForPeople().forEach(attack -> all.add(Arguments.of(attack, Page.WEB)));
        Attacks.onFormsOfPages().forEach(attack -> all.add(Arguments.of(attack, Page.SIMPLE)));
        return all.stream();
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("attacks")
    void whoComesAfterAnAttackGetsThePageAndItIsKept(Attack attack, Page page) throws IOException {
        String path = page.named(name);
        RawResponse expected = victim(without, attack, path);
        attack(attack, path);

        RawResponse first = victim(proxy, attack, path);
        RawResponse second = victim(proxy, attack, path);

        assertSame(attack + " on " + page, first, expected);
        assertSame(attack + " on " + page, second, expected);
        assertThat(second.header("detour-source"))
                .as("after %s on %s", attack, page)
                .isEqualTo("cache");
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("attacks")
    void whatWasKeptBeforeAnAttackStays(Attack attack, Page page) throws IOException {
        String path = page.named(name);
        RawResponse expected = victim(without, attack, path);
        victim(proxy, attack, path);

        attack(attack, path);
        RawResponse after = victim(proxy, attack, path);

        assertSame(attack + " on " + page, after, expected);
        assertThat(after.header("detour-source"))
                .as("after %s on %s", attack, page)
                .isEqualTo("cache");
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("attacks")
    void whoWaitsTogetherWithAnAttackerGetsThePage(Attack attack, Page page) throws IOException {
        String path = page.named(name);
        RawResponse expected = victim(without, attack, path);
        CountDownLatch opened = new CountDownLatch(1);
        backend.holdUntil(opened);
        try (RawClient attacker = proxy.client();
                RawClient victim = proxy.client()) {
            int asked = backend.asked();
            attacker.send(attack.bytes().apply(path));
            CompletableFuture<RawResponse> answer = CompletableFuture.supplyAsync(() -> attacker.read(method(attack)));
            Await.until(() -> backend.asked() > asked || answer.isDone(), () -> attack + " is held by nobody");
            long before = movements();
            victim.get(path + attack.victimQuery(), victimHeaders(attack));
            Await.until(() -> movements() > before, () -> "the victim neither waits nor asks");
            opened.countDown();

            assertSame(attack + " on " + page, victim.read(), expected);
            assertSane(attack, answer.join());
        } finally {
            opened.countDown();
            backend.holdUntil(null);
        }
    }

    /** Requests that came to the backend or wait for one that did. */
    private static long movements() {
        return backend.asked() + proxy.cache().statistics().collapsed();
    }

    private static void attack(Attack attack, String path) throws IOException {
        try (RawClient client = proxy.client()) {
            assertSane(attack, client.send(attack.bytes().apply(path)).read(method(attack)));
        }
    }

    private static String method(Attack attack) {
        String bytes = attack.bytes().apply("/simple/x/");
        return bytes.substring(0, bytes.indexOf(' '));
    }

    private static void assertSane(Attack attack, RawResponse answer) {
        assertThat(answer.complete()).as("%s: %s", attack, answer).isTrue();
        if (attack.statuses().isEmpty()) {
            assertThat(answer.status()).as("%s: %s", attack, answer).isBetween(200, 499);
        } else {
            assertThat(attack.statuses()).as("%s: %s", attack, answer).contains(answer.status());
        }
    }

    private static RawResponse victim(RunningProxy through, Attack attack, String path) throws IOException {
        return through.get(path + attack.victimQuery(), victimHeaders(attack));
    }

    private static String[] victimHeaders(Attack attack) {
        return attack.victimHeaders().toArray(String[]::new);
    }

    private static void assertSame(String what, RawResponse found, RawResponse expected) {
        assertThat(found.text()).as(what).isEqualTo(expected.text());
        assertThat(found.status()).as(what).isEqualTo(expected.status()).isEqualTo(200);
        assertThat(found.complete()).isTrue();
        for (String header : List.of("content-type", "location", "etag", "vary", "set-cookie", "content-range")) {
            assertThat(found.headerValues(header)).as("%s: %s", what, header).isEqualTo(expected.headerValues(header));
        }
    }
}
