package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.MirrorConfig.Url;
import dev.detour.config.StoreConfig.Documents;
import dev.detour.config.StoreConfig.Files;
import dev.detour.config.StoreConfig.Follow;
import dev.detour.config.StoreConfig.Sync;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of the settings of mirrors. */
class MirrorsTest {
    @TempDir
    Path directory;

    @Test
    void everySettingOfAMirrorReachesItsRecord() throws Exception {
        DetourConfig config = ConfigLoader.load(ConfigFiles.FULL, ConfigFiles.in(directory));

        assertThat(config.mirrors().get("far"))
                .isEqualTo(new MirrorConfig(
                        "far", new Url(URI.create("https://tree.example.org/pypi/")), Duration.ofHours(13), 0.99));
        assertThat(config.mirrors().get("own"))
                .isEqualTo(new MirrorConfig(
                        "own",
                        new StoreConfig(
                                directory.resolve("copy"),
                                7,
                                Files.METADATA,
                                9L << 30,
                                false,
                                Duration.ofDays(3),
                                new Sync(
                                        URI.create("https://index.example.org/root/"),
                                        "docs-site",
                                        Duration.ofMinutes(10),
                                        8,
                                        50,
                                        Documents.ALL,
                                        false,
                                        200,
                                        0.02,
                                        Duration.ofDays(14)),
                                null),
                        Duration.ofHours(2),
                        0.985));
        assertThat(store(config, "followed").follow())
                .isEqualTo(new Follow(
                        URI.create("file:///mirror/"), directory.resolve("mirror.pub"), Duration.ofSeconds(30)));
    }

    @Test
    void whatIsNotWrittenOfAStoreHasItsDefault() throws Exception {
        DetourConfig config = load("{store: copy, sync: {}}");

        assertThat(config.mirrors().get("m"))
                .isEqualTo(new MirrorConfig(
                        "m",
                        new StoreConfig(
                                directory.resolve("copy"),
                                5,
                                Files.NONE,
                                50L << 30,
                                true,
                                Duration.ofDays(7),
                                new Sync(
                                        null,
                                        "b",
                                        Duration.ofMinutes(5),
                                        4,
                                        20,
                                        Documents.PROJECT,
                                        true,
                                        1000,
                                        0.05,
                                        Duration.ofDays(7)),
                                null),
                        Duration.ofHours(24),
                        0.99));
    }

    @Test
    void aStoreNeedsNeitherSyncNorFollow() throws Exception {
        StoreConfig store = store(load("{store: copy}"), "m");

        assertThat(store.sync()).isNull();
        assertThat(store.follow()).isNull();
        assertThat(store.capture()).isTrue();
    }

    @Test
    void aFollowerCapturesNothing() throws Exception {
        DetourConfig config = load("{store: copy, follow: {url: \"https://mirror.example.org/\", key: mirror.pub}}");

        assertThat(store(config, "m").capture()).isFalse();
        assertThat(Objects.requireNonNull(store(config, "m").follow()).every()).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource({
        "'{}', b",
        "'{backend: other}', other",
        "'{from: \"https://index.example.org\"}',",
        "'{from: \"http://INDEX.internal:81/root\"}', b",
        "'{from: \"http://[2001:db8::1]/\"}', b",
        "'{from: \"http://other.internal\"}',",
        "'{from: \"https://index.example.org\", backend: b}', b",
    })
    void theBackendThatPausesASyncIsTheOneThatIsAsked(String sync, String backend) throws Exception {
        StoreConfig store = store(load("{store: copy, sync: " + sync + "}"), "m");

        assertThat(Objects.requireNonNull(store.sync()).backend()).isEqualTo(backend);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync: {from: \"https://index.example.org/\"}", "audit: 0s", "sync: {brake: {share: 0%}}"})
    void whatIsDescribedLoadsAsTheSameMirror(String setting) throws Exception {
        DetourConfig config = load("{store: copy, " + setting + "}");

        String described = EffectiveConfig.describe(config);

        assertThat(ConfigLoader.load(described, directory)).isEqualTo(config);
    }

    @Test
    void treesMayBeShared() throws Exception {
        DetourConfig config = load("{tree: web}\n  n: {tree: web}");

        assertThat(config.mirrors()).containsOnlyKeys("m", "n");
    }

    private static StoreConfig store(DetourConfig config, String name) {
        return (StoreConfig) Objects.requireNonNull(config.mirrors().get(name)).place();
    }

    private DetourConfig load(String mirror) throws InvalidConfigException {
        return ConfigLoader.load("""
                listeners: [{address: "127.0.0.1:0"}]
                backends:
                  b: {endpoints: ["http://index.internal:8000", "http://[2001:db8::1]"]}
                  other: {endpoints: ["http://other.internal"]}
                index: {backend: b}
                mirrors:
                  m: %s
                """.formatted(mirror), ConfigFiles.in(directory));
    }
}
