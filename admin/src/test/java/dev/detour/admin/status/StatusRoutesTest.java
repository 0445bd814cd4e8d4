package dev.detour.admin.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.admin.AdminServer;
import dev.detour.config.AdminConfig;
import dev.detour.config.HostPort;
import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.fleet.LocalOperatorState;
import dev.detour.health.breaker.BreakerState;
import dev.detour.health.endpoint.BackendStatus;
import dev.detour.health.endpoint.EndpointStatus;
import dev.detour.health.endpoint.Standing;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.health.tls.PeerValidity;
import dev.detour.health.tls.TlsReason;
import dev.detour.mirror.MirrorStatus;
import dev.detour.proxy.cache.CacheStatistics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The routes on a real listener, with real state on disk and made-up measurements. */
@SuppressWarnings("NullAway.Init")
class StatusRoutesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant EARLIER = NOW.minusSeconds(3600);
    private static final Failure EXPIRED = Failure.tls(TlsReason.EXPIRED, "certificate expired on 2026-02-28");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final CacheStatistics CACHE =
            new CacheStatistics(1_204, 50_331_648, 268_435_456, 17, 2_000, 11, 5, null);
    private static final String ONE = "10.0.0.11:8443";
    private static final String TWO = "10.0.0.12:8443";

    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private volatile List<BackendStatus> backends = List.of(backend(BreakerState.CLOSED, up(ONE), up(TWO)));
    private volatile Map<String, MirrorStatus> mirrors = Map.of();
    private volatile List<Finding> findings = List.of();
    private LocalOperatorState state;
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        state = LocalOperatorState.open(directory.resolve("state"), clock, scheduler);
        server = AdminServer.start(
                new AdminConfig(new HostPort("127.0.0.1", 0), directory.resolve("admin.token")),
                StatusRoutes.of(() -> backends, () -> mirrors, () -> CACHE, () -> findings, state, "1.2.3", clock));
    }

    @AfterEach
    void stop() {
        server.close();
        state.close();
        scheduler.shutdownNow();
    }

    @Test
    void everythingWellIsOkWithoutReasons() throws Exception {
        mirrors = Map.of("local", new MirrorStatus(true, Duration.ofHours(2), "serial 17"));

        JsonNode status = status();

        assertThat(status.path("status").asString()).isEqualTo("ok");
        assertThat(status.path("reasons")).isEmpty();
        assertThat(status.path("at").asString()).isEqualTo(NOW.toString());
        assertThat(status.path("version").asString()).isEqualTo("1.2.3");
        assertThat(status.path("mode").asString()).isEqualTo("normal");
        assertThat(status.path("mirrors").toString())
                .isEqualTo("[{\"mirror\":\"local\",\"fit\":true,\"ageSeconds\":7200,\"detail\":\"serial 17\"}]");
        assertThat(status.path("cache").toString())
                .isEqualTo("{\"entries\":1204,\"bytes\":50331648,\"capacity\":268435456,\"evictions\":17,"
                        + "\"stored\":2000,\"collapsed\":11,\"revalidated\":5,"
                        + "\"disk\":null}");
    }

    @Test
    void everyPartOfABackendIsShown() throws Exception {
        backends = List.of(new BackendStatus(
                "warehouse",
                BreakerState.OPEN,
                EARLIER,
                NOW.plusSeconds(5),
                Failure.status(502),
                64,
                3,
                1,
                List.of(new EndpointStatus(
                        ONE,
                        "index.internal:8443",
                        1,
                        10,
                        "eu-1",
                        Standing.EJECTED,
                        false,
                        EARLIER,
                        EXPIRED,
                        EARLIER.minusSeconds(1),
                        NOW.plusSeconds(30),
                        new PeerValidity("CN=index.internal", "2a", EARLIER, NOW.plusSeconds(60)),
                        2)),
                Map.of("files.internal", "no such name")));
        state.drain("warehouse", "index.internal:8443", true, "new disks", null);

        HttpResponse<String> response = get("/api/v1/backends");

        assertThat(response.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(JSON.readTree(response.body())).isEqualTo(JSON.readTree("""
                {"drainsVersion": 1,
                 "drains": [{"backend": "warehouse", "endpoint": "index.internal:8443", "since": "2026-03-01T12:00:00Z",
                             "reason": "new disks"}],
                 "backends": [{
                  "backend": "warehouse",
                  "breaker": {"state": "open", "since": "2026-03-01T11:00:00Z", "nextTrial": "2026-03-01T12:00:05Z",
                              "lastFailure": {"label": "status_502", "detail": "status 502"}},
                  "usable": 0, "limit": 64, "inFlight": 3, "queued": 1,
                  "endpoints": [{
                   "endpoint": "10.0.0.11:8443", "configured": "index.internal:8443", "standing": "ejected",
                   "since": "2026-03-01T11:00:00Z",
                   "failure": {"label": "tls_expired", "detail": "certificate expired on 2026-02-28"},
                   "lastGood": "2026-03-01T10:59:59Z", "ejectedUntil": "2026-03-01T12:00:30Z",
                   "certificate": {"subject": "CN=index.internal", "serial": "2a", "notBefore": "2026-03-01T11:00:00Z",
                                   "notAfter": "2026-03-01T12:01:00Z"},
                   "drained": true,
                   "drain": {"as": "index.internal:8443", "since": "2026-03-01T12:00:00Z", "reason": "new disks"},
                   "inUse": 2, "weight": 10, "priority": 1, "zone": "eu-1"}],
                  "unresolved": {"files.internal": "no such name"}}]}
                """));
    }

    @Test
    void anOpenBreakerIsCriticalAndNamedWithItsReason() throws Exception {
        backends = List.of(backend(BreakerState.OPEN, up(ONE)));

        assertThat(reasons("critical"))
                .containsExactly("backend warehouse: the breaker is open since 2026-03-01T11:00:00Z:"
                        + " tls_expired (certificate expired on 2026-02-28)");
    }

    @Test
    void whatIsWrongWithCertificatesIsAReasonWithItsSeverity() throws Exception {
        findings = List.of(
                finding(Severity.INFO, "two certificates"),
                finding(Severity.WARNING, "due"),
                finding(Severity.CRITICAL, "expired"));

        assertThat(reasons("critical")).containsExactly("edge: expired", "edge: due");
    }

    @Test
    void ofManyFindingsTheFirstAreNamed() throws Exception {
        findings = java.util.stream.IntStream.range(0, 13)
                .mapToObj(i -> finding(Severity.WARNING, "due " + i))
                .toList();

        assertThat(reasons("warning"))
                .hasSize(11)
                .endsWith("edge: due 9", "3 more warning findings of certificates and revocation lists");
    }

    private static Finding finding(Severity severity, String text) {
        return new Finding(Rule.CERTIFICATE_DUE, severity, "edge", text, text);
    }

    @Test
    void aHalfOpenBreakerIsAWarning() throws Exception {
        backends = List.of(backend(BreakerState.HALF_OPEN, up(ONE)));

        assertThat(reasons("warning")).singleElement().asString().contains("half open since");
    }

    @Test
    void anEndpointThatStepsAsideForItsCertificateIsAWarningThatNamesIt() throws Exception {
        EndpointStatus expiring = new EndpointStatus(
                TWO,
                TWO,
                0,
                1,
                null,
                Standing.EXPIRING,
                false,
                EARLIER,
                null,
                NOW,
                null,
                new PeerValidity("CN=index.internal", "2a", EARLIER, NOW.plusSeconds(60)),
                0);
        backends = List.of(backend(BreakerState.CLOSED, up(ONE), expiring));

        assertThat(reasons("warning"))
                .singleElement()
                .asString()
                .endsWith("is expiring since 2026-03-01T11:00:00Z, because its certificate ends: CN=index.internal,"
                        + " serial 2a, valid until 2026-03-01T12:01:00Z");
    }

    @Test
    void oneEndpointThatIsNotUpIsAWarning() throws Exception {
        backends = List.of(backend(BreakerState.CLOSED, up(ONE), endpoint(TWO, Standing.REJECTED, EXPIRED)));

        assertThat(reasons("warning"))
                .containsExactly("endpoint 10.0.0.12:8443 of backend warehouse is rejected since 2026-03-01T11:00:00Z:"
                        + " tls_expired (certificate expired on 2026-02-28)");
    }

    @Test
    void aDrainedEndpointIsAWarning() throws Exception {
        state.drain("warehouse", ONE, true, "new disks", null);

        assertThat(reasons("warning"))
                .containsExactly("endpoint 10.0.0.11:8443 of backend warehouse is drained since 2026-03-01T12:00:00Z"
                        + " (\"new disks\")");
    }

    @Test
    void aBackendWhoseEndpointsAreDownOrDrainedIsCriticalSinceTheLastOneWent() throws Exception {
        backends = List.of(backend(
                BreakerState.CLOSED,
                up(ONE),
                endpoint(TWO, Standing.DOWN, Failure.of(FailureKind.REFUSED, "connection refused"))));
        state.drain("warehouse", ONE, true, null, null);

        assertThat(reasons("critical"))
                .hasSize(3)
                .first()
                .isEqualTo("backend warehouse has no endpoint that is up and undrained since 2026-03-01T12:00:00Z");
    }

    @Test
    void aBackendWithoutAnyAddressIsCritical() throws Exception {
        backends = List.of(unresolved());

        assertThat(reasons("critical"))
                .containsExactly(
                        "backend files has no endpoint that is up and undrained, because none has an address",
                        "backend files: files.internal is not resolved: no such name");
    }

    @Test
    void anUnfitMirrorIsAWarning() throws Exception {
        mirrors = Map.of("local", new MirrorStatus(false, null, "no project list"));

        assertThat(reasons("warning")).containsExactly("mirror local is not fit to serve: no project list");
    }

    @Test
    void aModeThatIsNotNormalIsAWarningAndAnExemptionIsNot() throws Exception {
        state.set(new ModeRule(Mode.DIVERT, null, null, null, NOW.plusSeconds(60), "move", NOW));
        state.set(new ModeRule(Mode.NORMAL, "warehouse", null, null, null, null, NOW));

        assertThat(reasons("warning"))
                .containsExactly(
                        "mode divert everywhere since 2026-03-01T12:00:00Z until 2026-03-01T12:01:00Z (\"move\")");
    }

    @Test
    void aDrainWhoseEndpointHasGoneIsAWarningAndCanBeEnded() throws Exception {
        state.drain("warehouse", "10.0.0.99:8443", true, null, null);
        assertThat(reasons("warning")).singleElement().asString().contains("10.0.0.99:8443", "no such endpoint");

        HttpResponse<String> response = drain("warehouse", "10.0.0.99:8443", "{\"drained\":false}", null);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(reasons("ok")).isEmpty();
    }

    @Test
    void drainingAnswersWithTheEndpointAsItIsNow() throws Exception {
        HttpResponse<String> response = drain("warehouse", ONE, "{\"reason\":\"disks\"}", "\"0\"");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("ETag")).contains("\"1\"");
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.path("drainsVersion").asLong()).isEqualTo(1);
        assertThat(answer.path("warnings")).isEmpty();
        assertThat(answer.path("endpoints")).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.path("endpoint").asString()).isEqualTo(ONE);
            assertThat(endpoint.path("standing").asString()).isEqualTo("up");
            assertThat(endpoint.path("drained").asBoolean()).isTrue();
        });
        assertThat(state.drains().contains("warehouse", ONE)).isTrue();
    }

    @Test
    void drainingTheLastEndpointThatIsUpIsDoneWithAWarning() throws Exception {
        drain("warehouse", ONE, "{}", null);

        HttpResponse<String> response = drain("warehouse", TWO, "{}", null);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("no endpoint of backend warehouse is up and undrained now");
        assertThat(state.drains().contains("warehouse", TWO)).isTrue();
    }

    @Test
    void aConfiguredNameDrainsEachOfItsAddresses() throws Exception {
        backends = List.of(backend(BreakerState.CLOSED, named(ONE), named(TWO)));

        JsonNode answer = JSON.readTree(
                drain("warehouse", "index.internal:8443", "{}", null).body());

        assertThat(answer.path("endpoints"))
                .hasSize(2)
                .allSatisfy(endpoint ->
                        assertThat(endpoint.path("drained").asBoolean()).isTrue());
    }

    @Test
    void endingTheDrainOfAnAddressSaysThatItsNameIsStillDrained() throws Exception {
        backends = List.of(backend(BreakerState.CLOSED, named(ONE), named(TWO)));
        drain("warehouse", "index.internal:8443", "{}", null);

        HttpResponse<String> response = drain("warehouse", ONE, "{\"drained\":false}", null);

        assertThat(response.body()).contains("endpoint 10.0.0.11:8443 stays drained, because index.internal:8443 is");
    }

    @Test
    void anEndpointWhoseNameHasNoAddressCanBeDrained() throws Exception {
        backends = List.of(unresolved());

        assertThat(drain("files", "files.internal:443", "{}", null).statusCode())
                .isEqualTo(200);
    }

    @Test
    void anIpv6EndpointIsFoundByItsEncodedName() throws Exception {
        backends = List.of(backend(BreakerState.CLOSED, up("[2001:db8::1]:443"), up(ONE)));

        assertThat(drain("warehouse", "%5B2001%3Adb8%3A%3A1%5D%3A443", "{}", null)
                        .statusCode())
                .isEqualTo(200);
        assertThat(state.drains().contains("warehouse", "[2001:db8::1]:443")).isTrue();
    }

    @Test
    void aVersionThatIsNoLongerInForceIs412AndChangesNothing() throws Exception {
        state.drain("warehouse", ONE, true, null, null);

        HttpResponse<String> response = drain("warehouse", TWO, "{}", "\"0\"");

        assertThat(response.statusCode()).isEqualTo(412);
        assertThat(response.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(JSON.readTree(response.body()).path("detail").asString())
                .contains("version 0 was expected", "version 1 is in force");
        assertThat(state.drains().contains("warehouse", TWO)).isFalse();
    }

    @Test
    void anyVersionWillDoForAStar() throws Exception {
        state.drain("warehouse", ONE, true, null, null);

        assertThat(drain("warehouse", TWO, "{}", "*").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "W/\"0\"", "\"0\", \"1\"", "\"x\"", "\"99999999999999999999\""})
    void anEntityTagThatWasNeverGivenOutIs400(String ifMatch) throws Exception {
        HttpResponse<String> response = drain("warehouse", ONE, "{}", ifMatch);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("If-Match: ");
        assertThat(state.drains().version()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"drained\":\"yes\"}",
                "{\"drained\":1}",
                "{\"drain\":true}",
                "{\"reason\":7}",
                "{\"reason\":\"two\\nlines\"}"
            })
    void aBadBodyIs400AndChangesNothing(String body) throws Exception {
        assertThat(drain("warehouse", ONE, body, null).statusCode()).isEqualTo(400);
        assertThat(state.drains().version()).isZero();
    }

    @Test
    void anUnknownBackendIs404AndNamesThoseThatExist() throws Exception {
        backends = List.of(backend(BreakerState.CLOSED, up(ONE)), unresolved());

        HttpResponse<String> response = drain("nobody", ONE, "{}", null);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(response.body()).path("detail").asString())
                .isEqualTo("backend: nobody (expected: one of files, warehouse)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"drained\":false}"})
    void anUnknownEndpointIs404AndNamesThoseThatExist(String body) throws Exception {
        backends = List.of(backend(BreakerState.CLOSED, named(ONE), up(TWO)));

        HttpResponse<String> response = drain("warehouse", "10.0.0.13:8443", body, null);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(response.body()).path("detail").asString())
                .isEqualTo("endpoint: 10.0.0.13:8443 (expected: one of 10.0.0.11:8443, 10.0.0.12:8443,"
                        + " index.internal:8443)");
        assertThat(state.drains().version()).isZero();
    }

    @Test
    void aDrainThatCannotBeKeptIs500AndSaysWhy() throws Exception {
        Files.createDirectories(directory.resolve("state/drains.json.tmp"));

        HttpResponse<String> response = drain("warehouse", ONE, "{}", null);

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("nothing was changed", "drains.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/status", "/api/v1/backends"})
    void strangersSeeNothing(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(path)).build();

        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }

    private static BackendStatus backend(BreakerState breaker, EndpointStatus... endpoints) {
        Failure last = breaker == BreakerState.CLOSED ? null : EXPIRED;
        return new BackendStatus("warehouse", breaker, EARLIER, null, last, 64, 0, 0, List.of(endpoints), Map.of());
    }

    private static BackendStatus unresolved() {
        return new BackendStatus(
                "files",
                BreakerState.CLOSED,
                EARLIER,
                null,
                null,
                64,
                0,
                0,
                List.of(),
                Map.of("files.internal", "no such name"));
    }

    private static EndpointStatus up(String name) {
        return endpoint(name, Standing.UP, null);
    }

    private static EndpointStatus named(String address) {
        return new EndpointStatus(
                address, "index.internal:8443", 0, 1, null, Standing.UP, false, EARLIER, null, NOW, null, null, 0);
    }

    private static EndpointStatus endpoint(String name, Standing standing, @Nullable Failure failure) {
        return new EndpointStatus(name, name, 0, 1, null, standing, false, EARLIER, failure, null, null, null, 0);
    }

    private List<String> reasons(String expectedStatus) throws Exception {
        JsonNode status = status();
        assertThat(status.path("status").asString()).isEqualTo(expectedStatus);
        List<String> reasons = new ArrayList<>();
        status.path("reasons").forEach(reason -> reasons.add(reason.asString()));
        return reasons;
    }

    private JsonNode status() throws Exception {
        return JSON.readTree(get("/api/v1/status").body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(authorized(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> drain(String backend, String endpoint, String body, @Nullable String ifMatch)
            throws Exception {
        HttpRequest.Builder request = authorized("/api/v1/backends/" + backend + "/endpoints/" + endpoint + "/drain")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder authorized(String path) throws Exception {
        String token = Files.readString(directory.resolve("admin.token")).strip();
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }
}
