package dev.detour.app.outage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoPackages;
import dev.detour.app.demo.DemoTree;
import dev.detour.app.support.DetourProcess;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import dev.detour.testkit.RequestHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program as an operator runs it, with cache and mirror, through an outage: each page comes from the better of the two that
 * has it, and is labelled so; then the index comes back.
 *
 * <p>The index says of most of its pages that they are an hour old and may be an hour old, so that they are stale as soon as
 * they are kept, and their age is easily told from that of a clock that began with the test. It gives only HTML, and not what
 * the mirror gives.
 */
@Timeout(30)
class BetterOfCacheAndMirrorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long HOUR = 3_600;

    /** Kept, no longer fresh, also in the mirror. */
    private static final String STALE = "/simple/demolib/";

    /** Kept, no longer fresh, and in no mirror: one that the mirror has not copied, one of a class that is not mirrored. */
    private static final List<String> ONLY_STALE =
            List.of("/simple/brand-new/", "/project/demolib/", "/docs/index.html");

    private static final String FRESH = "/simple/demo-tool-kit/";

    /** Never asked for before the outage. */
    private static final List<String> ONLY_MIRRORED = List.of("/simple/demoapp/", "/simple/", "/pypi/demolib/json");

    /** What the configuration has as {@code ramp}, and some more: until then some reads are spared the index. */
    private static final Duration RAMP = Duration.ofMillis(1_200);

    private final FakeBackend index = FakeBackend.clear();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private DetourProcess detour;

    private int port;
    private volatile String edition = "before";

    @BeforeEach
    void start() throws Exception {
        index.answerBy(this::healthy);
        DemoTree.write(new DemoPackages(), directory.resolve("web"), Clock.systemUTC());
        Path config = Files.writeString(directory.resolve("detour.yaml"), """
                listeners: [{address: 127.0.0.1:0}]
                admin: {address: 127.0.0.1:0, token-file: admin.token}
                state: state
                backends:
                  warehouse:
                    endpoints: [%s]
                    timeouts: {connect: 500ms, first-byte: 500ms}
                    breaker: {window: 10, minimum-calls: 5, open-for: 1s, trial-calls: 1, ramp: 1s}
                mirrors:
                  local: {tree: web, max-age: 24h}
                index: {preset: pypi, backend: warehouse, mirror: local}
                cache: {memory: 16MiB}
                routes:
                  - name: docs
                    match: {path: "/docs/**", methods: [GET, HEAD]}
                    api: web
                    backend: warehouse
                    fallback: [stale, refuse]
                """.formatted(index.url()));
        detour = DetourProcess.start(directory, "serve", "--config", config.toString());
        String line = detour.awaitError("listening on 127.0.0.1:", PATIENCE);
        port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip());
    }

    @AfterEach
    void stop() {
        detour.close();
        index.close();
    }

    private Answer healthy(RequestHead head) {
        boolean json = head.target().endsWith("/json");
        String text = json ? "{\"edition\": \"" + edition + "\"}" : body(head.target(), edition);
        return Answer.status(
                200,
                json ? "application/json" : "text/html",
                text.getBytes(StandardCharsets.UTF_8),
                head.target().equals(FRESH) ? "Cache-Control: max-age=600" : "Cache-Control: max-age=" + HOUR,
                head.target().equals(FRESH) ? "Age: 0" : "Age: " + HOUR);
    }

    private static String body(String path, String edition) {
        return "<html>" + path + " of the index, " + edition + "</html>";
    }

    @Test
    void deadIndexIsReplacedByTheBetterOfCacheAndMirrorUntilItIsBack() throws Exception {
        outage(
                broken -> {
                    broken.refuse();
                    broken.resetConnections();
                },
                FakeBackend::listenAgain);
    }

    @Test
    void indexThatOnlyHasErrorsIsReplacedByTheBetterOfCacheAndMirrorUntilItIsBack() throws Exception {
        outage(broken -> broken.answer(Answer.status(503)), healed -> healed.answerBy(this::healthy));
    }

    private void outage(Consumer<FakeBackend> breaking, Consumer<FakeBackend> healing) throws Exception {
        try (RawClient client = RawClient.clear(port)) {
            long kept = System.nanoTime();
            warmUp(client);
            long warm = System.nanoTime();
            breaking.accept(index);

            // by the end of it the breaker is open
            for (int round = 0; round < 10; round++) {
                assertStandIns(client, kept, warm);
            }
            edition = "after";
            healing.accept(index);
            awaitIndex(client);

            assertFromIndex(client);
        }
    }

    private static void warmUp(RawClient client) throws IOException {
        for (String path : warmed()) {
            RawResponse answer = client.get(path, "Accept: text/html").read();

            assertThat(answer.status()).as("%s: %s", path, answer).isEqualTo(200);
            assertThat(answer.header("Detour-Source")).as(path).isEqualTo("backend");
            assertThat(answer.header("Cache-Status")).as(path).endsWith("stored");
        }
    }

    private static List<String> warmed() {
        return List.of(STALE, ONLY_STALE.get(0), ONLY_STALE.get(1), ONLY_STALE.get(2), FRESH);
    }

    private static void assertStandIns(RawClient client, long kept, long warm) throws IOException {
        for (String path : warmed()) {
            RawResponse answer = client.get(path, "Accept: text/html").read();

            assertThat(answer.status()).as("%s: %s", path, answer).isEqualTo(200);
            assertThat(answer.text()).isEqualTo(body(path, "before"));
            assertThat(answer.header("Detour-Source")).as(path).isEqualTo(path.equals(FRESH) ? "cache" : "stale");
            assertAge(answer, path.equals(FRESH) ? 0 : HOUR, kept, warm);
        }
        for (String path : ONLY_MIRRORED) {
            assertMirrored(path, client.get(path, "Accept: text/html").read());
        }
        // the cache has the page, but not in this form
        assertMirrored(
                STALE, client.get(STALE, "Accept: " + Resource.SIMPLE_JSON).read());
    }

    private static void assertMirrored(String path, RawResponse answer) {
        assertThat(answer.status()).as("%s: %s", path, answer).isEqualTo(200);
        assertThat(answer.header("Detour-Source")).as(path).isEqualTo("mirror");
        assertThat(answer.text()).contains("demo").doesNotContain("of the index");
    }

    /** It was kept at some moment between {@code kept} and {@code warm}, {@code then} seconds old; a second is lost in rounding. */
    private static void assertAge(RawResponse answer, long then, long kept, long warm) {
        long now = System.nanoTime();
        long least = then + Duration.ofNanos(now - warm).toSeconds() - 1;
        long most = then + Duration.ofNanos(now - kept).toSeconds() + 1;

        assertThat(Long.parseLong(String.valueOf(answer.header("Age")))).isBetween(least, most);
    }

    /** Asks until the ramp is over; until then nothing may be refused, or come from the worse of the two. */
    private static void awaitIndex(RawClient client) throws IOException {
        long began = System.nanoTime();
        while (!isAllFromIndex(client)) {
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE);
            LockSupport.parkNanos(5_000_000);
        }
        long back = System.nanoTime();
        while (System.nanoTime() - back < RAMP.toNanos()) {
            isAllFromIndex(client);
        }
    }

    private static boolean isAllFromIndex(RawClient client) throws IOException {
        boolean all = true;
        for (String path : ONLY_STALE) {
            all &= isFromIndex(client, path, "stale");
        }
        for (String path : ONLY_MIRRORED) {
            all &= isFromIndex(client, path, "mirror");
        }
        return isFromIndex(client, STALE, "stale") && all;
    }

    private static boolean isFromIndex(RawClient client, String path, String otherwise) throws IOException {
        RawResponse answer = client.get(path, "Accept: text/html").read();
        boolean kept = answer.text().contains("edition") || answer.text().contains("of the index");
        String source = String.valueOf(answer.header("Detour-Source"));
        assertThat(answer.status()).as("%s: %s", path, answer).isEqualTo(200);
        // what the index has just given is kept, and then better than the mirror
        assertThat(source).as(path).isIn("backend", kept ? "stale" : otherwise);
        return source.equals("backend");
    }

    private static void assertFromIndex(RawClient client) throws IOException {
        for (String path :
                List.of(STALE, ONLY_STALE.get(0), ONLY_STALE.get(1), ONLY_STALE.get(2), "/simple/demoapp/")) {
            RawResponse answer = client.get(path, "Accept: text/html").read();

            assertThat(answer.text()).isEqualTo(body(path, "after"));
            assertThat(answer.header("Detour-Source")).as(path).isEqualTo("backend");
        }
        RawResponse fresh = client.get(FRESH, "Accept: text/html").read();

        assertThat(fresh.text()).isEqualTo(body(FRESH, "before"));
        assertThat(fresh.header("Detour-Source")).isEqualTo("cache");
    }
}
