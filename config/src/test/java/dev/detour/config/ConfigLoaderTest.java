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
        assertThat(config.mirrors())
                .isEqualTo(Map.of("local", new MirrorConfig("local", at("web"), Duration.ofHours(12))));
        assertThat(config.index()).isEqualTo(new IndexConfig("pypi", "warehouse", "local"));
        assertThat(config.cache()).isEqualTo(new CacheConfig(512L << 20));
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
                        List.of(Fallback.STALE, Fallback.MIRROR, Fallback.REFUSE)));
    }

    @Test
    void everySettingOfABackendReachesItsRecord() throws Exception {
        DetourConfig config = ConfigLoader.load(ConfigFiles.FULL, ConfigFiles.in(directory));

        assertThat(config.backends()).containsOnlyKeys("warehouse", "docs-site");
        assertThat(config.backends().get("warehouse"))
                .isEqualTo(new BackendConfig(
                        "warehouse",
                        List.of(
                                new BackendConfig.Endpoint(true, new HostPort("10.0.0.11", 8443)),
                                new BackendConfig.Endpoint(true, new HostPort("warehouse.internal", 443))),
                        new BackendConfig.Tls(at("ca.pem"), at("client.crt"), at("client.key"), "warehouse.internal"),
                        new BackendConfig.Timeouts(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(6),
                                Duration.ofSeconds(16)),
                        probe("/_health/", Duration.ofSeconds(3), Duration.ofSeconds(2), 4, 5),
                        new BackendConfig.Breaker(
                                30,
                                15,
                                0.6,
                                Duration.ofSeconds(5),
                                0.9,
                                Duration.ofSeconds(6),
                                4,
                                Duration.ofSeconds(5)),
                        ConfigFiles.OUTLIER,
                        ConfigFiles.BALANCE,
                        ConfigFiles.OVERLOAD,
                        new BackendConfig.Retry(3, 0.1),
                        128 << 10,
                        null,
                        null));
    }

    @Test
    void whatIsNotWrittenHasItsDefault() throws Exception {
        DetourConfig config = ConfigLoader.load(ConfigFiles.LEAST, directory);

        assertThat(config.admin()).isEqualTo(new AdminConfig(new HostPort("127.0.0.1", 9901), at("admin.token")));
        assertThat(config.state()).isEqualTo(at("detour-state"));
        assertThat(config.mirrors()).isEmpty();
        assertThat(config.index()).isEqualTo(new IndexConfig("pypi", "b", null));
        assertThat(config.cache()).isEqualTo(new CacheConfig(256L << 20));
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
