package dev.detour.config;

import dev.detour.config.StoreConfig.Documents;
import dev.detour.config.StoreConfig.Files;
import dev.detour.config.StoreConfig.Follow;
import dev.detour.config.StoreConfig.Sync;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Valid mirrors in which every value is drawn at random; what must exist is a file of this module. */
final class RandomMirrors {
    private final Random random;
    private final List<String> backends;

    private RandomMirrors(Random random, List<String> backends) {
        this.random = random;
        this.backends = backends;
    }

    static Map<String, MirrorConfig> mirrors(Random random, Path root, List<String> backends) {
        RandomMirrors drawn = new RandomMirrors(random, backends);
        Map<String, MirrorConfig> mirrors = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            mirrors.put("m" + i, drawn.mirror("m" + i, root));
        }
        return mirrors;
    }

    private MirrorConfig mirror(String name, Path root) {
        return random.nextInt(3) == 0
                ? new MirrorConfig(name, new MirrorConfig.Url(URI.create("http://[::1]:81/a%20b/")), duration(1), 0.99)
                : new MirrorConfig(name, store(root.resolve("no-" + name), root), duration(1), part(1));
    }

    private StoreConfig store(Path directory, Path root) {
        int kind = random.nextInt(3);
        return new StoreConfig(
                directory,
                1 + random.nextInt(100),
                one(Files.values()),
                1 + random.nextLong(1L << 45),
                kind != 2 && random.nextBoolean(),
                random.nextBoolean() ? Duration.ZERO : duration(1),
                kind == 1 ? sync() : null,
                kind == 2
                        ? new Follow(URI.create("file:///published/"), root.resolve("pom.xml"), duration(1_000))
                        : null);
    }

    private Sync sync() {
        Duration every = duration(10_000);
        return new Sync(
                random.nextBoolean() ? URI.create("https://index.example.org/root/") : null,
                backends.get(random.nextInt(backends.size())),
                every,
                1 + random.nextInt(50),
                1 + random.nextInt(100_000),
                one(Documents.values()),
                random.nextBoolean(),
                random.nextInt(Integer.MAX_VALUE),
                part(0),
                every.plus(random.nextBoolean() ? Duration.ZERO : duration(1)));
    }

    private Duration duration(int leastMillis) {
        return Duration.ofMillis(leastMillis + random.nextInt(1_000_000_000));
    }

    /** A share in tenths of a percent. */
    private double part(int least) {
        return (least + random.nextInt(1_001 - least)) / 1_000.0;
    }

    private <T> T one(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
