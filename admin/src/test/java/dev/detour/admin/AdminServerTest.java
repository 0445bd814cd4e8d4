package dev.detour.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.admin.client.AdminClient;
import dev.detour.admin.client.AdminClientException;
import dev.detour.admin.mode.ModeMeters;
import dev.detour.admin.mode.ModeRoutes;
import dev.detour.admin.mode.Places;
import dev.detour.config.AdminConfig;
import dev.detour.config.HostPort;
import dev.detour.fleet.LocalOperatorState;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init")
class AdminServerTest {
    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private ScheduledExecutorService scheduler;
    private LocalOperatorState state;
    private AdminServer server;
    private Readiness readiness = new Readiness(true, List.of());

    @BeforeEach
    void start() throws Exception {
        scheduler = Executors.newSingleThreadScheduledExecutor();
        state = LocalOperatorState.open(directory.resolve("state"), Clock.systemUTC(), scheduler);
        ModeMeters.bind(state, registry);
        List<AdminRoute> routes = new ArrayList<>(
                ModeRoutes.of(state, () -> new Places(Set.of("warehouse"), Set.of("docs")), Clock.systemUTC()));
        routes.add(ProbeRoutes.live());
        routes.add(ProbeRoutes.ready(() -> readiness));
        routes.add(MetricsRoute.of(registry));
        routes.add(AdminRoute.get("/fails", request -> {
            throw new IllegalStateException("secret detail");
        }));
        routes.add(AdminRoute.get(
                "/b/{name}", request -> AdminResponse.text(200, "text/plain", request.variable("name"))));
        server = AdminServer.start(
                new AdminConfig(new HostPort("127.0.0.1", 0), directory.resolve("admin.token")), routes);
    }

    @AfterEach
    void stop() {
        server.close();
        state.close();
        scheduler.shutdownNow();
    }

    @Test
    void theTokenFileIsCreatedForItsOwnerOnly() throws Exception {
        Path file = directory.resolve("admin.token");

        assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void liveNeedsNoToken() throws Exception {
        HttpResponse<String> response = plain("/live");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"status\":\"live\"}");
    }

    @Test
    void notReadyIs503WithReasons() throws Exception {
        readiness = new Readiness(false, List.of("first probes are running"));

        HttpResponse<String> response = plain("/ready");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("first probes are running");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/api/v1/mode", "/nothing"})
    void withoutATokenEverythingElseIs401(String path) throws Exception {
        HttpResponse<String> response = plain(path);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(v -> assertThat(v).startsWith("Bearer"));
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void anUnknownPathIs404() throws Exception {
        assertThat(send("GET", "/nothing", "").statusCode()).isEqualTo(404);
    }

    @Test
    void anUnsupportedMethodIs405WithAllow() throws Exception {
        HttpResponse<String> response = send("DELETE", "/api/v1/mode", "");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD, PUT");
    }

    @Test
    void aFaultIs500WithoutItsMessage() throws Exception {
        HttpResponse<String> response = send("GET", "/fails", "");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("secret detail");
    }

    @Test
    void aVariableSegmentIsDecoded() throws Exception {
        assertThat(send("GET", "/b/a%20b", "").body()).isEqualTo("a b");
    }

    @Test
    void headHasTheLengthButNoBody() throws Exception {
        HttpResponse<String> response = send("HEAD", "/api/v1/mode", "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(28);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void anOversizedBodyIs413() throws Exception {
        assertThat(send("PUT", "/api/v1/mode", "x".repeat(70_000)).statusCode()).isEqualTo(413);
    }

    @Test
    void aBodyThatIsNotDeclaredAsJsonIs415() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/api/v1/mode"))
                .header("Authorization", "Bearer " + token())
                .PUT(BodyPublishers.ofString("{\"mode\":\"offline\"}"))
                .build();

        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{}",
                "{\"mode\":\"sideways\"}",
                "{\"mode\":1}",
                "{\"mode\":\"divert\",\"extra\":1}",
                "{\"mode\":\"divert\",\"backend\":\"nobody\"}",
                "{\"mode\":\"divert\",\"route\":\"nowhere\"}",
                "{\"mode\":\"divert\",\"backend\":\"warehouse\",\"route\":\"docs\"}",
                "{\"mode\":\"divert\",\"until\":\"2001-01-01T00:00:00Z\"}",
                "{\"mode\":\"divert\",\"until\":\"soon\"}",
                "{\"mode\":\"divert\",\"for\":\"2 hours\"}",
                "{\"mode\":\"divert\",\"for\":\"0s\"}",
                "{\"mode\":\"divert\",\"message\":\"a\\r\\nb\"}",
                "{\"mode\":\"divert\",\"message\":\"\u4e2d\"}"
            })
    void aBadChangeIs400AndChangesNothing(String body) throws Exception {
        assertThat(send("PUT", "/api/v1/mode", body).statusCode()).isEqualTo(400);
        assertThat(state.modes().rules()).isEmpty();
    }

    @Test
    void aChangeSurvivesARestart() throws Exception {
        HttpResponse<String> response = send("PUT", "/api/v1/mode", "{\"mode\":\"read-only\",\"for\":\"2h\"}");

        assertThat(response.body()).startsWith("{\"mode\":\"read-only\",\"modes\":[{");
        try (LocalOperatorState again =
                LocalOperatorState.open(directory.resolve("state"), Clock.systemUTC(), scheduler)) {
            assertThat(again.modes()).isEqualTo(state.modes());
        }
    }

    @Test
    void concurrentChangesAreAllAnsweredAndOneWins() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(http.sendAsync(
                    request("PUT", "/api/v1/mode", "{\"mode\":\"offline\",\"reason\":\"" + i + "\"}"),
                    BodyHandlers.ofString()));
        }

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.get().statusCode()).isEqualTo(200));
        assertThat(state.modes().rules()).hasSize(1);
    }

    @Test
    void metricsAreTextOrOpenMetricsAndShowTheMode() throws Exception {
        HttpResponse<String> text = send("GET", "/metrics", "");
        HttpResponse<String> open = http.send(
                HttpRequest.newBuilder(uri("/metrics"))
                        .header("Authorization", "Bearer " + token())
                        .header("Accept", "application/openmetrics-text;q=0.5,text/plain;q=0.3")
                        .build(),
                BodyHandlers.ofString());

        assertThat(text.body()).contains("detour_mode{mode=\"normal\"} 1").doesNotContain("# EOF");
        assertThat(open.body()).endsWith("# EOF\n");
    }

    @Test
    void theClientShowsTheProblem() throws Exception {
        AdminClient client = AdminClient.open(uri("/"), directory.resolve("admin.token"));

        assertThat(client.get("/api/v1/mode").path("mode").asString()).isEqualTo("normal");
        assertThatThrownBy(() -> client.get("/nothing"))
                .isInstanceOf(AdminClientException.class)
                .hasMessage("there is nothing at /nothing");
    }

    @Test
    void theClientSaysThatTheTokenIsWrong() throws Exception {
        Path other = Files.writeString(directory.resolve("other.token"), "0123456789abcdef");
        AdminClient client = AdminClient.open(uri("/"), other);

        assertThatThrownBy(() -> client.get("/api/v1/mode"))
                .isInstanceOf(AdminClientException.class)
                .hasMessageContaining("refused the admin token in " + other);
    }

    @Test
    void theClientSaysThatNobodyListens() throws Exception {
        AdminClient client = AdminClient.open(uri("/"), directory.resolve("admin.token"));
        server.close();

        assertThatThrownBy(() -> client.get("/api/v1/mode"))
                .isInstanceOf(AdminClientException.class)
                .hasMessageStartingWith("cannot connect to ");
    }

    @Test
    void theClientNamesATokenFileThatIsNotThere() {
        Path none = directory.resolve("none");

        assertThatThrownBy(() -> AdminClient.open(uri("/"), none))
                .hasMessage("cannot read the admin token file " + none + ": no such file or directory");
    }

    @Test
    void aBodyOfUnknownLengthThatIsTooLargeIs413() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/api/v1/mode"))
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.fromPublisher(BodyPublishers.ofString("x".repeat(200_000))))
                .build();

        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    }

    @Test
    void requestsSentAheadOnOneConnectionAreAnsweredInOrder() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            List<String> requests = List.of(
                    "GET /live HTTP/1.1", "Host: a", "", "GET /ready HTTP/1.1", "Host: a", "Connection: close", "", "");
            socket.getOutputStream().write(String.join("\r\n", requests).getBytes(StandardCharsets.US_ASCII));

            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answers).containsSubsequence("200 OK", "\"live\"", "200 OK", "\"ready\"");
        }
    }

    private HttpResponse<String> plain(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return http.send(request(method, path, body), BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, String body) throws Exception {
        return HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    private String token() throws Exception {
        return Files.readString(directory.resolve("admin.token")).strip();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }
}
