package dev.detour.config;

import dev.detour.config.AlarmsConfig.Form;
import dev.detour.config.AlarmsConfig.Least;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Valid things to watch and people to tell, drawn at random; what must exist is a file of this module. */
final class RandomWatch {
    private final Random random;
    private final Path root;

    private RandomWatch(Random random, Path root) {
        this.random = random;
        this.root = root;
    }

    static CertificatesConfig certificates(Random random, Path root) {
        return new RandomWatch(random, root).certificates();
    }

    static CrlsConfig crls(Random random, Path root) {
        return new RandomWatch(random, root).crls();
    }

    static AlarmsConfig alarms(Random random) {
        return new AlarmsConfig(
                random.nextBoolean() ? null : "edge-1",
                IntStream.range(0, random.nextInt(3))
                        .mapToObj(i -> new AlarmsConfig.Receiver(
                                "r" + i,
                                i == 0 ? Form.WEBHOOK : Form.ALERTMANAGER,
                                URI.create(i == 0 ? "https://hooks.example.org/a?b=c" : "http://[::1]:9093/x/"),
                                null,
                                null,
                                List.of(Least.values()).get(random.nextInt(3)),
                                Duration.ofMillis(60_000 + random.nextInt(100_000_000))))
                        .toList());
    }

    private CertificatesConfig certificates() {
        return new CertificatesConfig(
                every(),
                every(),
                maybe(this::mark),
                maybe(this::mark),
                IntStream.range(0, random.nextInt(5))
                        .mapToObj(i ->
                                new CertificatesConfig.Source("s" + i, place(), maybe(this::mark), maybe(this::mark)))
                        .toList());
    }

    private CertificatesConfig.Place place() {
        return switch (random.nextInt(3)) {
            case 0 ->
                new CertificatesConfig.Files(
                        root.resolve("tls/**/*.pem").toString(),
                        maybe(this::file),
                        random.nextBoolean() ? List.of() : List.of("127.0.0.1:8443", "smtp://mail:25"));
            case 1 -> new CertificatesConfig.Server("[::1]:8443", maybe(this::file));
            default ->
                new CertificatesConfig.Vault(
                        URI.create("https://vault.example.org:8200/"),
                        "pki/internal",
                        maybe(() -> root.resolve("no-token")),
                        maybe(this::file),
                        maybe(() -> "team/a"),
                        random.nextBoolean() ? "raft" : "2MiB");
        };
    }

    private CrlsConfig crls() {
        return new CrlsConfig(
                every(),
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> new CrlsConfig.Source(
                                "c" + i,
                                i % 2 == 0 ? root.resolve("no.crl") : null,
                                i % 2 == 0 ? null : URI.create("http://crl.example.org/ca.crl"),
                                i % 2 == 0 ? null : maybe(this::file),
                                maybe(this::file),
                                maybe(() -> "512KiB"),
                                maybe(this::every),
                                maybe(() -> random.nextInt(Integer.MAX_VALUE))))
                        .toList(),
                maybe(() -> new CrlsConfig.FromCertificates(
                        List.of("crl.example.org", "*.pki.example.org"), maybe(() -> "consul"))));
    }

    private LifeMark mark() {
        return random.nextBoolean()
                ? new LifeMark((1 + random.nextInt(10_000)) / 10_000.0, null)
                : new LifeMark(null, Duration.ofHours(1 + random.nextInt(10_000)));
    }

    private Duration every() {
        return Duration.ofMillis(1_000 + random.nextInt(100_000_000));
    }

    private Path file() {
        return root.resolve("pom.xml");
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }
}
