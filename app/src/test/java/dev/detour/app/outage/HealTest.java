package dev.detour.app.outage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoFault;
import dev.detour.app.support.DemoSession;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** When the index heals, traffic returns to it by itself, and nothing older than the index's own pages is served from then on. */
@Timeout(60)
class HealTest {
    /** What the demo's configuration has as {@code open-for}. */
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);

    /** What the demo's configuration has as {@code ramp}: until then some reads are spared the backend. */
    private static final Duration RAMP = Duration.ofSeconds(5);

    /** One trial call and what a busy machine adds. */
    private static final Duration TRIAL = Duration.ofSeconds(1);

    private static final long OLD_SERIAL = 17;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String PAGE = "/simple/demolib/";
    private static final String ACCEPT = "Accept: " + Resource.SIMPLE_JSON;

    @Test
    void trafficReturnsWithinOpenForAndOneTrial(@TempDir Path directory) throws Exception {
        try (DemoSession session = DemoSession.start(directory);
                RawClient client = RawClient.clear(session.port())) {
            openBreaker(session, client);
            session.set(DemoFault.NONE);

            long healed = System.nanoTime();
            askUntilBackend(client);
            Duration took = Duration.ofNanos(System.nanoTime() - healed);

            System.out.println("traffic returned " + took.toMillis() + " ms after the index had healed");
            assertThat(took).isLessThanOrEqualTo(OPEN_FOR.plus(TRIAL));
        }
    }

    @Test
    void noOlderPageIsServedOnceAllTrafficIsBack(@TempDir Path directory) throws Exception {
        try (DemoSession session = DemoSession.start(directory);
                RawClient client = RawClient.clear(session.port())) {
            makeMirrorOlder(session.tree());
            RawResponse before = client.get(PAGE, ACCEPT).read();
            openBreaker(session, client);
            RawResponse during = client.get(PAGE, ACCEPT).read();
            session.set(DemoFault.NONE);
            askUntilRampIsOver(client);

            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 400; i++) {
                try (RawClient other = RawClient.clear(session.port())) {
                    seen.add(describe(other.get(PAGE, ACCEPT).read()));
                }
            }

            assertThat(describe(before)).startsWith("backend ");
            assertThat(during.header("X-PyPI-Last-Serial")).isEqualTo(String.valueOf(OLD_SERIAL));
            assertThat(describe(during)).startsWith("mirror ").isNotEqualTo(describe(before));
            assertThat(seen).containsExactly(describe(before));
        }
    }

    @Test
    void clientThatKeptTheMirrorsPageGetsTheNewOneWhenItAsksAgain(@TempDir Path directory) throws Exception {
        try (DemoSession session = DemoSession.start(directory);
                RawClient client = RawClient.clear(session.port())) {
            makeMirrorOlder(session.tree());
            openBreaker(session, client);
            RawResponse kept = client.get(PAGE, ACCEPT).read();
            session.set(DemoFault.NONE);
            askUntilRampIsOver(client);

            RawResponse again = client.get(
                            PAGE,
                            ACCEPT,
                            "If-None-Match: " + kept.header("ETag"),
                            "If-Modified-Since: " + kept.header("Last-Modified"))
                    .read();

            assertThat(kept.header("Cache-Control")).isEqualTo("no-cache");
            assertThat(kept.header("ETag")).isNotNull();
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.header("Detour-Source")).isEqualTo("backend");
            assertThat(again.sha256()).isNotEqualTo(kept.sha256());
        }
    }

    private static void askUntilRampIsOver(RawClient client) throws IOException {
        askUntilBackend(client);
        long back = System.nanoTime();
        while (System.nanoTime() - back < RAMP.toNanos()) {
            client.get(PAGE, ACCEPT).read();
        }
    }

    private static String describe(RawResponse answer) {
        return String.join(
                " ",
                List.of(
                        String.valueOf(answer.header("Detour-Source")),
                        String.valueOf(answer.status()),
                        String.valueOf(answer.header("X-PyPI-Last-Serial")),
                        String.valueOf(answer.header("ETag")),
                        answer.sha256(),
                        answer.end().name()));
    }

    /** Gives the mirror the page as it was before the newest release. */
    private static void makeMirrorOlder(Path tree) throws IOException {
        Path file = tree.resolve("simple/demolib/index.v1_json");
        ObjectNode page = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
        page.withObject("/meta").put("_last-serial", OLD_SERIAL);
        page.withArray("/versions").remove(page.withArray("/versions").size() - 1);
        page.withArray("/files").remove(page.withArray("/files").size() - 1);
        Files.write(file, JSON.writeValueAsBytes(page));
    }

    private static void openBreaker(DemoSession session, RawClient client) throws IOException, InterruptedException {
        session.set(DemoFault.REFUSE);
        for (int i = 0; i < 20; i++) {
            assertThat(client.get("/simple/demoapp/").read().header("Detour-Source"))
                    .isEqualTo("mirror");
        }
        session.lines().await(line -> line.reason().equals("breaker_open"), Duration.ofSeconds(5));
    }

    private static void askUntilBackend(RawClient client) throws IOException {
        long deadline = System.nanoTime() + OPEN_FOR.multipliedBy(3).toNanos();
        while (System.nanoTime() < deadline) {
            RawResponse answer = client.get("/simple/demoapp/").read();
            assertThat(answer.status()).isEqualTo(200);
            if ("backend".equals(answer.header("Detour-Source"))) {
                return;
            }
            LockSupport.parkNanos(5_000_000);
        }
        throw new AssertionError("no answer from the backend within " + OPEN_FOR.multipliedBy(3));
    }
}
