package dev.detour.app.outage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.support.DetourProcess;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program with copies on disk, killed (SIGKILL) again and again while it writes them, and started once more when its
 * backend is gone: what it gives then is what the backend gave.
 */
@SuppressWarnings("NullAway.Init")
class KilledEdgeTest {
    private static final int PAGES = 150;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private String address = "";

    @Test
    void whatItGivesAfterItWasKilledIsWhatTheBackendGave() throws Exception {
        Path config = directory.resolve("detour.yaml");
        Set<Integer> seen = new HashSet<>();
        try (FakeBackend backend = FakeBackend.clear()) {
            address = "http://127.0.0.1:" + DetourProcess.freePort();
            Files.writeString(config, yaml(backend.url()));
            backend.answerBy(head -> page(number(head.target())));
            for (int round = 0; round < 3; round++) {
                askAndKill(config, round, seen);
            }
        }

        int given = 0;
        try (DetourProcess detour = started(config)) {
            for (int page : seen) {
                HttpResponse<String> answer = get(page);
                if (answer.statusCode() == 200) {
                    given++;
                    assertThat(answer.body()).isEqualTo(text(page));
                    assertThat(answer.headers().firstValue("detour-source")).hasValue("stale");
                }
            }
            assertThat(detour.stop().await(LIMIT).exitCode()).isEqualTo(143);
        }

        // what was being written is lost, what was asked for in an earlier round is not
        assertThat(given).isGreaterThan(seen.size() / 2);
    }

    private void askAndKill(Path config, int round, Set<Integer> seen) throws Exception {
        try (DetourProcess detour = started(config)) {
            for (int page = round * PAGES / 3; page < (round + 1) * PAGES / 3; page++) {
                assertThat(get(page).body()).isEqualTo(text(page));
                seen.add(page);
            }
            CompletableFuture<?>[] more = new CompletableFuture<?>[20];
            for (int i = 0; i < more.length; i++) {
                more[i] = http.sendAsync(request(PAGES + i), HttpResponse.BodyHandlers.discarding());
            }
            // some of these are being written now
            CompletableFuture.anyOf(more).join();
            detour.kill();
        }
    }

    private DetourProcess started(Path config) throws Exception {
        DetourProcess detour = DetourProcess.start(directory, "serve", "--config", config.toString());
        detour.awaitError("listening", LIMIT);
        return detour;
    }

    private String yaml(String backend) {
        return """
                listeners: [{address: "%s"}]
                admin: {address: "127.0.0.1:0", token-file: admin.token}
                state: state
                cache: {memory: 16MiB, disk: {path: copies, size: 64MiB}}
                backends: {warehouse: {endpoints: ["%s"]}}
                index: {preset: pypi, backend: warehouse}
                """.formatted(address.substring("http://".length()), backend);
    }

    private HttpRequest request(int page) {
        return HttpRequest.newBuilder(URI.create(address + "/simple/p" + page + "/"))
                .timeout(LIMIT)
                .build();
    }

    private HttpResponse<String> get(int page) throws IOException, InterruptedException {
        return http.send(request(page), HttpResponse.BodyHandlers.ofString());
    }

    private static int number(String path) {
        return Integer.parseInt(path.replaceAll("\\D", ""));
    }

    private static Answer page(int number) {
        return Answer.status(
                200,
                "text/html",
                text(number).getBytes(StandardCharsets.UTF_8),
                "Cache-Control: max-age=1",
                "ETag: \"" + number + '"');
    }

    /** Of every length up to 60 kB, and none of it like another page's. */
    private static String text(int number) {
        Random random = new Random(number);
        StringBuilder text = new StringBuilder();
        int words = random.nextInt(3_000);
        for (int i = 0; i < words; i++) {
            text.append(Long.toHexString(random.nextLong())).append('\n');
        }
        return text.append("page ").append(number).toString();
    }
}
