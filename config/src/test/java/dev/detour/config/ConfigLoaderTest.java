package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    @TempDir
    Path directory;

    @Test
    void everySettingReachesItsRecord() throws Exception {
        DetourConfig config = ConfigLoader.load(ConfigFiles.FULL, ConfigFiles.in(directory));

        assertThat(config.listeners())
                .containsExactly(
                        new ListenerConfig(new HostPort("0.0.0.0", 8080), null),
                        new ListenerConfig(
                                new HostPort("::1", 8443),
                                new ListenerConfig.Tls(at("tls/edge.crt"), at("tls/edge.key"))));
        assertThat(config.admin()).isEqualTo(new AdminConfig(new HostPort("127.0.0.1", 9902), at("secret.token")));
        assertThat(config.state()).isEqualTo(at("my-state"));
        assertThat(config.zone()).isEqualTo("rack-1");
        assertThat(config.nameServers())
                .containsExactly(
                        new HostPort("10.0.0.2", 53), new HostPort("10.0.0.3", 5353), new HostPort("2001:db8::1", 53));
        assertThat(config.mirrors())
                .containsOnlyKeys("local", "far", "own", "followed")
                .containsEntry("local", new MirrorConfig("local", at("web"), Duration.ofHours(12)));
        assertThat(config.index()).isEqualTo(new IndexConfig("pypi", "warehouse", "local"));
        assertThat(config.cache())
                .isEqualTo(new CacheConfig(
                        512L << 20,
                        2L << 20,
                        Duration.ofSeconds(10),
                        false,
                        true,
                        1000,
                        new CacheConfig.Disk(at("copies"), 8L << 30)));
        assertThat(config.refusals()).isEqualTo(new RefusalConfig("https://status.example.org/", 503));
        assertThat(config.routes().get(0))
                .isEqualTo(new RouteConfig(
                        "docs",
                        new RouteConfig.Match(
                                "docs.example.org",
                                "/docs/**",
                                Set.of("GET", "HEAD"),
                                Map.of("X-Kind", "a*"),
                                Map.of("page", "1")),
                        ApiClass.WEB,
                        "docs-site",
                        "local",
                        List.of(Fallback.STALE, Fallback.MIRROR, Fallback.REFUSE),
                        Duration.ofSeconds(3),
                        Duration.ofMillis(400),
                        false,
                        Duration.ofDays(5)));
    }

    @Test
    void everySettingOfABackendReachesItsRecord() throws Exception {
        DetourConfig config = ConfigLoader.load(ConfigFiles.FULL, ConfigFiles.in(directory));

        assertThat(config.backends()).containsOnlyKeys("warehouse", "docs-site");
        assertThat(config.backends().get("warehouse"))
                .isEqualTo(new BackendConfig(
                        "warehouse",
                        List.of(
                                new BackendConfig.Endpoint(true, new HostPort("10.0.0.11", 8443), 3, 1, "rack-2"),
                                new BackendConfig.Endpoint(true, new HostPort("warehouse.internal", 443))),
                        new BackendConfig.Tls(
                                at("ca.pem"),
                                at("client.crt"),
                                at("client.key"),
                                "warehouse.internal",
                                new BackendConfig.Revocation(
                                        List.of(at("ca.crl"), at("issuing.crl")),
                                        at("ca.pem"),
                                        BackendConfig.Doubt.ACCEPT,
                                        BackendConfig.Doubt.REFUSE,
                                        Duration.ofMinutes(2))),
                        new BackendConfig.Timeouts(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(6),
                                Duration.ofSeconds(16)),
                        new BackendConfig.Probe(
                                BackendConfig.ProbeKind.HTTP,
                                "/_health/",
                                List.of(
                                        new BackendConfig.StatusRange(200, 200),
                                        new BackendConfig.StatusRange(301, 302)),
                                "all well",
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(2),
                                4,
                                5),
                        new BackendConfig.Breaker(
                                30,
                                15,
                                0.6,
                                Duration.ofSeconds(5),
                                0.9,
                                Duration.ofSeconds(6),
                                4,
                                Duration.ofSeconds(7)),
                        new BackendConfig.Outlier(
                                6,
                                0.4,
                                30,
                                3,
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(11),
                                Duration.ofMinutes(6),
                                0.6),
                        new BackendConfig.Balance(
                                BackendConfig.Policy.PATH_HASH, 0.4, Duration.ofSeconds(12), Duration.ofHours(1)),
                        new BackendConfig.Overload(100, true, 10, 500, 64, Duration.ofMillis(250), 20, 40),
                        new BackendConfig.Retry(3, 0.1),
                        128 << 10,
                        Duration.ofSeconds(20),
                        Duration.ofMillis(800)));
    }

    @Test
    void whatIsNotWrittenHasItsDefault() throws Exception {
        DetourConfig config = ConfigLoader.load(ConfigFiles.LEAST, directory);

        assertThat(config.admin()).isEqualTo(new AdminConfig(new HostPort("127.0.0.1", 9901), at("admin.token")));
        assertThat(config.state()).isEqualTo(at("detour-state"));
        assertThat(config.zone()).isNull();
        assertThat(config.nameServers()).isEmpty();
        assertThat(config.mirrors()).isEmpty();
        assertThat(config.index()).isEqualTo(new IndexConfig("pypi", "b", null));
        assertThat(config.cache())
                .isEqualTo(new CacheConfig(256L << 20, 2L << 20, Duration.ofSeconds(10), false, true, 1000, null));
        assertThat(config.refusals()).isEqualTo(new RefusalConfig(null, 403));
        assertThat(config.listeners()).containsExactly(new ListenerConfig(new HostPort("127.0.0.1", 0), null));
    }

    @Test
    void whatIsNotWrittenOfABackendHasItsDefault() throws Exception {
        DetourConfig config = ConfigLoader.load(ConfigFiles.LEAST, directory);

        assertThat(config.backends().get("b"))
                .isEqualTo(new BackendConfig(
                        "b",
                        List.of(new BackendConfig.Endpoint(false, new HostPort("127.0.0.1", 8000))),
                        new BackendConfig.Tls(null, null, null, null),
                        new BackendConfig.Timeouts(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(15)),
                        null,
                        new BackendConfig.Breaker(
                                20,
                                10,
                                0.5,
                                Duration.ofSeconds(4),
                                0.8,
                                Duration.ofSeconds(5),
                                3,
                                Duration.ofSeconds(5)),
                        ConfigFiles.OUTLIER,
                        ConfigFiles.BALANCE,
                        ConfigFiles.OVERLOAD,
                        new BackendConfig.Retry(2, 0.2),
                        64 << 10,
                        null,
                        null));
    }

    @Test
    void whatIsNotWrittenOfAProbeAMirrorAndARouteHasItsDefault() throws Exception {
        String text = """
                listeners: [{address: "127.0.0.1:0"}]
                backends: {b: {endpoints: ["http://127.0.0.1:8000"], probe: {path: /up}}}
                mirrors: {m: {tree: web}}
                routes: [{name: r, backend: b, match: {}}]
                """;

        DetourConfig config = ConfigLoader.load(text, ConfigFiles.in(directory));

        assertThat(config.backends().get("b"))
                .extracting(BackendConfig::probe)
                .isEqualTo(probe("/up", Duration.ofSeconds(2), Duration.ofSeconds(1), 2, 3));
        assertThat(config.mirrors().get("m")).isEqualTo(new MirrorConfig("m", at("web"), Duration.ofHours(24)));
        assertThat(config.routes())
                .containsExactly(new RouteConfig(
                        "r",
                        new RouteConfig.Match(null, "/**", Set.of(), Map.of(), Map.of()),
                        ApiClass.OTHER,
                        "b",
                        null,
                        List.of(Fallback.STALE, Fallback.REFUSE)));
    }

    @ParameterizedTest
    @CsvSource({
        "simple, true",
        "json, true",
        "file, true",
        "upload, false",
        "xmlrpc, false",
        "oidc, false",
        "web, false",
        "other, false"
    })
    void theDefaultFallbackFollowsTheApiClass(String api, boolean mirrored) throws Exception {
        String text = """
                listeners: [{address: "127.0.0.1:0"}]
                backends: {b: {endpoints: ["http://127.0.0.1:8000"]}}
                mirrors: {m: {tree: web}}
                index: {backend: b, mirror: m}
                routes: [{name: r, api: API, backend: b, match: {path: /x}}]
                """.replace("API", api);

        RouteConfig route =
                ConfigLoader.load(text, ConfigFiles.in(directory)).routes().get(0);

        assertThat(route.mirror()).isEqualTo("m");
        assertThat(route.fallback())
                .isEqualTo(
                        mirrored
                                ? List.of(Fallback.STALE, Fallback.MIRROR, Fallback.REFUSE)
                                : List.of(Fallback.STALE, Fallback.REFUSE));
    }

    @Test
    void addressesNeedNoQuotesInsideBraces() throws Exception {
        String text = """
                listeners: [{address: 0.0.0.0:8080}]
                admin: {address: 127.0.0.1:9901, token-file: admin.token}
                backends: {b: {endpoints: [https://10.0.0.11:8443, https://10.0.0.12:8443]}}
                index: {preset: pypi, backend: b}
                """;

        DetourConfig config = ConfigLoader.load(text, directory);

        assertThat(config.listeners()).containsExactly(new ListenerConfig(new HostPort("0.0.0.0", 8080), null));
        assertThat(config.backends().values().iterator().next().endpoints())
                .extracting(BackendConfig.Endpoint::toString)
                .containsExactly("https://10.0.0.11:8443", "https://10.0.0.12:8443");
    }

    @Test
    void anEndpointMayBeAUrlOrAMappingWithOne() throws Exception {
        BackendConfig backend =
                backend("endpoints: [{url: http://a}, http://b, {url: http://c, weight: 1000, zone: z}]");

        assertThat(backend.endpoints())
                .containsExactly(
                        new BackendConfig.Endpoint(false, new HostPort("a", 80)),
                        new BackendConfig.Endpoint(false, new HostPort("b", 80)),
                        new BackendConfig.Endpoint(false, new HostPort("c", 80), 1000, 0, "z"));
    }

    @Test
    void aTcpProbeAsksForNothing() throws Exception {
        BackendConfig backend = backend("endpoints: [http://a]\n    probe: {kind: tcp}");

        assertThat(backend.probe())
                .isEqualTo(new BackendConfig.Probe(
                        BackendConfig.ProbeKind.TCP,
                        "/",
                        List.of(new BackendConfig.StatusRange(200, 299)),
                        null,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        2,
                        3));
    }

    @Test
    void aProbeMayOnlyShakeHands() throws Exception {
        BackendConfig backend = backend("endpoints: [https://a]\n    probe: {kind: tls}");

        assertThat(backend.probe()).extracting("kind").isEqualTo(BackendConfig.ProbeKind.TLS);
    }

    @Test
    void aLimitThatIsANumberIsBothBoundsOfItself() throws Exception {
        BackendConfig backend = backend("endpoints: [http://a]\n    overload: {limit: 7}");

        assertThat(backend.overload())
                .isEqualTo(new BackendConfig.Overload(512, false, 7, 7, 256, Duration.ofMillis(500), 0, 0));
    }

    @Test
    void aBurstOfJsonIsFiveSecondsWorthUnlessWritten() throws Exception {
        BackendConfig backend = backend("endpoints: [http://a]\n    overload: {json-per-client: 20}");

        assertThat(backend.overload().jsonPerClient()).isEqualTo(20);
        assertThat(backend.overload().jsonBurst()).isEqualTo(100);
    }

    @Test
    void rampAndSlowStartCanBeSwitchedOff() throws Exception {
        BackendConfig backend =
                backend("endpoints: [http://a]\n    breaker: {ramp: 0s}\n    balance: {slow-start: 0ms}");

        assertThat(backend.breaker().ramp()).isZero();
        assertThat(backend.balance().slowStart()).isZero();
    }

    @Test
    void routesOfThePresetTakeTheDeadlinesOfTheirBackend() throws Exception {
        DetourConfig config = ConfigLoader.load(ConfigFiles.FULL, ConfigFiles.in(directory));

        assertThat(config.routes().subList(1, config.routes().size())).allSatisfy(route -> {
            assertThat(route.deadline()).isNull();
            assertThat(route.divertAfter()).isNull();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.2, 10.0.0.2:53",
        "10.0.0.2:5353, 10.0.0.2:5353",
        "2001:db8::1, [2001:db8::1]:53",
        "[2001:db8::1], [2001:db8::1]:53",
        "[2001:db8::1]:5353, [2001:db8::1]:5353"
    })
    void nameServersListenOnPort53UnlessWritten(String written, String server) throws Exception {
        DetourConfig config = ConfigLoader.load(ConfigFiles.LEAST + "dns: {servers: ['" + written + "']}\n", directory);

        assertThat(config.nameServers()).asString().isEqualTo("[" + server + "]");
    }

    @Test
    void ownRoutesStandBeforeThoseOfThePreset() throws Exception {
        DetourConfig config = ConfigLoader.load(ConfigFiles.FULL, ConfigFiles.in(directory));

        assertThat(config.routes())
                .extracting(RouteConfig::name)
                .startsWith("docs", "simple-index")
                .endsWith("web-other", "other");
    }

    @Test
    void relativePathsAreRelativeToTheFile() throws Exception {
        Path file = Files.writeString(ConfigFiles.in(directory).resolve("detour.yaml"), ConfigFiles.FULL);

        DetourConfig config = ConfigLoader.load(file);

        assertThat(config).isEqualTo(ConfigLoader.load(ConfigFiles.FULL, directory));
        assertThat(config.state()).isEqualTo(at("my-state")).isAbsolute();
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstKey() throws Exception {
        Path file = Files.writeString(directory.resolve("detour.yaml"), "\ufeff" + ConfigFiles.LEAST);

        assertThat(ConfigLoader.load(file)).isEqualTo(ConfigLoader.load(ConfigFiles.LEAST, directory));
    }

    @ParameterizedTest
    @CsvSource({
        "http://a, http://a:80",
        "https://a, https://a:443",
        "https://[2001:db8::1], https://[2001:db8::1]:443",
        "http://[::1]:81, http://[::1]:81",
        "http://10.0.0.1:65535, http://10.0.0.1:65535",
        "http://a_b.c-d.e:1, http://a_b.c-d.e:1",
    })
    void endpointsHaveTheDefaultPortOfTheirScheme(String written, String endpoint) throws Exception {
        DetourConfig config = ConfigLoader.load(ConfigFiles.LEAST.replace("http://127.0.0.1:8000", written), directory);

        assertThat(config.backends().values().iterator().next().endpoints())
                .asString()
                .isEqualTo("[" + endpoint + "]");
    }

    private BackendConfig backend(String body) throws InvalidConfigException {
        String text = "listeners: [{address: '127.0.0.1:0'}]\nindex: {backend: b}\nbackends:\n  b:\n    " + body + "\n";
        return ConfigLoader.load(text, directory).backends().values().iterator().next();
    }

    private Path at(String relative) {
        return directory.resolve(relative);
    }

    private static BackendConfig.Probe probe(
            String path, Duration every, Duration timeout, int upAfter, int downAfter) {
        return new BackendConfig.Probe(
                BackendConfig.ProbeKind.HTTP,
                path,
                List.of(new BackendConfig.StatusRange(200, 299)),
                null,
                every,
                timeout,
                upAfter,
                downAfter);
    }
}
