package dev.detour.app.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoFault;
import dev.detour.app.support.DemoSession;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The admin listener as an orchestrator, a scraper and a script see it. */
@Timeout(60)
class AdminApiTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String MODE = "/api/v1/mode";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private DemoSession instance;

    @BeforeEach
    void start() throws Exception {
        instance = DemoSession.start(directory);
    }

    @AfterEach
    void stop() {
        instance.close();
    }

    @Test
    void aliveAndReadyNeedNoToken() throws Exception {
        RawResponse live = ask("GET", "/live", "", "");
        RawResponse ready = ask("GET", "/ready", "", "");

        assertThat(live.status()).isEqualTo(200);
        assertThat(ready.status()).isEqualTo(200);
        assertThat(JSON.readTree(ready.text()).path("status").asString()).isEqualTo("ready");
        assertThat(JSON.readTree(ready.text()).path("reasons")).isEmpty();
    }

    @Test
    void unfitMirrorIsNamedButDoesNotTakeTheInstanceOut() throws Exception {
        Files.writeString(instance.tree().resolve("last-modified"), "20200101T00:00:00\n");

        RawResponse ready;
        JsonNode answer;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        do {
            // the mirror looks at its own age once a second
            ready = ask("GET", "/ready", "", "");
            answer = JSON.readTree(ready.text());
        } while (answer.path("reasons").isEmpty() && System.nanoTime() < deadline);

        assertThat(ready.status()).isEqualTo(200);
        assertThat(answer.path("reasons").path(0).asString()).contains("mirror local is not fit to serve");
    }

    @ParameterizedTest
    @CsvSource({"GET, /metrics", "GET, /api/v1/mode", "PUT, /api/v1/mode"})
    void everythingElseNeedsTheToken(String method, String path) throws Exception {
        RawResponse without = ask(method, path, "", "{\"mode\":\"offline\"}");
        RawResponse wrong = ask(method, path, "Authorization: Bearer nonsense\r\n", "{\"mode\":\"offline\"}");

        assertThat(List.of(without.status(), wrong.status())).containsOnly(401);
        assertThat(without.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(authorized("GET", MODE, "").text()).contains("\"normal\"");
    }

    @Test
    void modeIsPutAndGot() throws Exception {
        RawResponse put = authorized("PUT", MODE, "{\"mode\":\"read-only\",\"message\":\"Moving\",\"for\":\"2h\"}");
        RawResponse got = authorized("GET", MODE, "");

        assertThat(put.status()).as(put.text()).isEqualTo(200);
        assertThat(got.text()).isEqualTo(put.text());
        JsonNode mode = JSON.readTree(got.text());
        assertThat(mode.path("mode").asString()).isEqualTo("read-only");
        assertThat(mode.path("modes").path(0).path("message").asString()).isEqualTo("Moving");
        assertThat(mode.path("modes").path(0).path("until").asString()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "{\"mode\":\"sideways\"}|sideways",
                "{\"mode\":\"offline\",\"colour\":\"blue\"}|colour",
                "{\"mode\":\"offline\",\"for\":\"soon\"}|soon",
                "{\"mode\":\"offline\",\"route\":\"nowhere\"}|nowhere",
                "{\"mode\":|JSON"
            })
    void wrongChangeIsAProblemThatNamesTheMistake(String body, String named) throws Exception {
        RawResponse response = authorized("PUT", MODE, body);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(JSON.readTree(response.text()).path("detail").asString()).contains(named);
        assertThat(authorized("GET", MODE, "").text()).contains("\"mode\":\"normal\"");
    }

    @Test
    void metricsHaveTheNamesThatDashboardsRelyOn() throws Exception {
        clientGets("/simple/demoapp/");
        instance.set(DemoFault.REFUSE);
        clientGets("/simple/demoapp/");
        clientGets("/project/demoapp/");
        authorized("PUT", MODE, "{\"mode\":\"read-only\"}");

        String metrics = metricsWith("detour_refused_total{");

        assertThat(sample(
                        metrics,
                        "detour_requests_seconds_bucket",
                        "route=\"simple-project\"",
                        "source=\"backend\"",
                        "status=\"200\"",
                        "le=\"+Inf\""))
                .isEqualTo(1.0);
        assertThat(sample(
                        metrics,
                        "detour_requests_seconds_count",
                        "route=\"simple-project\"",
                        "source=\"backend\"",
                        "status=\"200\""))
                .isEqualTo(1.0);
        assertThat(sample(
                        metrics,
                        "detour_requests_seconds_count",
                        "route=\"web-project\"",
                        "source=\"refusal\"",
                        "status=\"503\""))
                .isEqualTo(1.0);
        assertThat(sample(
                        metrics,
                        "detour_diverted_total",
                        "route=\"simple-project\"",
                        "source=\"mirror\"",
                        "reason=\"refused\""))
                .isEqualTo(1.0);
        assertThat(sample(metrics, "detour_refused_total", "route=\"web-project\"", "reason=\"refused\""))
                .isEqualTo(1.0);
        assertThat(sample(metrics, "detour_attempts_total", "backend=\"warehouse\"", "outcome=\"refused\""))
                .isEqualTo(2.0);
        assertThat(sample(metrics, "detour_breaker_state", "backend=\"warehouse\""))
                .isEqualTo(0.0);
        assertThat(sample(metrics, "detour_mode", "mode=\"read-only\"")).isEqualTo(1.0);
        assertThat(sample(metrics, "detour_mode", "mode=\"normal\"")).isEqualTo(0.0);
        assertThat(sample(metrics, "detour_mirror_age_seconds", "mirror=\"local\""))
                .isNotNegative();
    }

    @Test
    void openBreakerIsOneInTheMetrics() throws Exception {
        instance.set(DemoFault.REFUSE);
        for (int call = 0; call < 5; call++) {
            clientGets("/simple/demoapp/");
        }

        String metrics = metricsWith("detour_breaker_state{backend=\"warehouse\"} 1");

        assertThat(sample(metrics, "detour_breaker_state", "backend=\"warehouse\""))
                .isEqualTo(1.0);
    }

    @Test
    void metricsAreInPrometheusTextFormat() throws Exception {
        RawResponse response = authorized("GET", "/metrics", "");

        assertThat(response.header("Content-Type")).startsWith("text/plain").contains("version=0.0.4");
        assertThat(response.text().lines())
                .allMatch(line -> line.startsWith("# HELP ")
                        || line.startsWith("# TYPE ")
                        || line.matches("[a-z_:][a-z0-9_:]*(\\{.*\\})? (NaN|[+-]?Inf|[-+0-9.eE]+)"));
    }

    /** The value of the only sample with these labels, in whatever order. */
    private static double sample(String metrics, String name, String... labels) {
        List<String> samples = metrics.lines()
                .filter(line -> line.startsWith(name + "{"))
                .filter(line -> Stream.of(labels).allMatch(line::contains))
                .toList();
        assertThat(samples).as(name + List.of(labels)).hasSize(1);
        return Double.parseDouble(samples.get(0).substring(samples.get(0).lastIndexOf(' ') + 1));
    }

    /** The metrics once they have {@code text}: an exchange is counted a moment after its client has the answer. */
    private String metricsWith(String text) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String metrics;
        do {
            metrics = authorized("GET", "/metrics", "").text();
        } while (!metrics.contains(text) && System.nanoTime() < deadline);
        assertThat(metrics).contains(text);
        return metrics;
    }

    private void clientGets(String path) throws Exception {
        try (RawClient client = RawClient.clear(instance.port())) {
            assertThat(client.get(path).read().complete()).isTrue();
        }
    }

    private RawResponse authorized(String method, String path, String body) throws Exception {
        String token = Files.readString(instance.tokenFile()).strip();
        return ask(method, path, "Authorization: Bearer " + token + "\r\n", body);
    }

    private RawResponse ask(String method, String path, String header, String body) throws Exception {
        try (RawClient client = RawClient.clear(instance.adminUrl().getPort())) {
            return client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + header
                            + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .read();
        }
    }
}
