package dev.detour.app.outage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoPackages;
import dev.detour.app.demo.DemoTree;
import dev.detour.app.serve.Server;
import dev.detour.app.support.AccessLines;
import dev.detour.config.ConfigLoader;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An outage with all there is to fall back on, and a restart in it: what was seen comes as it was, what was not from the mirror. */
@SuppressWarnings("NullAway.Init")
class CacheAndMirrorTest {
    private static final DemoPackages PACKAGES = new DemoPackages();
    private static final String SEEN = "/simple/demolib/";
    private static final String UNSEEN = "/simple/demoapp/";

    @TempDir
    Path directory;

    private final FakeBackend backend = FakeBackend.clear();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        DemoTree.write(PACKAGES, directory.resolve("web"), Clock.systemUTC());
        server = started();
        backend.answerBy(head -> page("from the index: " + head.target()));
    }

    private Server started() throws Exception {
        String yaml = """
                listeners: [{address: "127.0.0.1:0"}]
                admin: {address: "127.0.0.1:0", token-file: admin.token}
                state: state
                cache: {memory: 16MiB, disk: {path: copies, size: 64MiB}}
                backends:
                  warehouse:
                    endpoints: ["%s"]
                    breaker: {minimum-calls: 2, open-for: 1s, trial-calls: 1, ramp: 0s}
                mirrors: {local: {tree: web, max-age: 24h}}
                index: {preset: pypi, backend: warehouse, mirror: local}
                """.formatted(backend.url());
        return Server.start(ConfigLoader.load(yaml, directory), new AccessLines(), List.of());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        backend.close();
    }

    private static Answer page(String text) {
        return Answer.status(
                200, "text/html", text.getBytes(StandardCharsets.UTF_8), "Cache-Control: max-age=0", "ETag: \"i\"");
    }

    private RawResponse get(String target) throws IOException {
        try (RawClient client = RawClient.clear(server.addresses().get(0).getPort())) {
            return client.get(target).read();
        }
    }

    private String sourceOf(String target) throws IOException {
        return String.valueOf(get(target).header("detour-source"));
    }

    @Test
    void whatWasSeenComesAsItWasAndWhatWasNotFromTheMirror() throws Exception {
        RawResponse before = get(SEEN);
        backend.refuse();

        for (int i = 0; i < 10; i++) {
            RawResponse seen = get(SEEN);
            RawResponse unseen = get(UNSEEN);

            assertThat(seen.status()).isEqualTo(200);
            assertThat(seen.header("detour-source")).isEqualTo("stale");
            assertThat(seen.body()).isEqualTo(before.body());
            assertThat(Long.parseLong(seen.header("age"))).isBetween(0L, 30L);
            assertThat(unseen.status()).isEqualTo(200);
            assertThat(unseen.header("detour-source")).isEqualTo("mirror");
        }
    }

    @Test
    void theSameHoldsAfterARestartInTheMiddleOfIt() throws Exception {
        RawResponse before = get(SEEN);
        backend.refuse();
        server.close();
        server = started();

        RawResponse seen = get(SEEN);

        assertThat(seen.header("detour-source")).isEqualTo("stale");
        assertThat(seen.body()).isEqualTo(before.body());
        assertThat(sourceOf(UNSEEN)).isEqualTo("mirror");
    }
}
