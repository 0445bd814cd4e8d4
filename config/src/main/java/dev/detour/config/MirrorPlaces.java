package dev.detour.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The directories of mirrors read so far: what is in a store's belongs to that store alone. */
final class MirrorPlaces {
    /** Stands in for a directory that cannot be read. */
    static final Path BROKEN = Path.of("broken");

    private final Map<String, Path> stores = new LinkedHashMap<>();
    private final Map<String, Path> trees = new LinkedHashMap<>();

    /** The directory of a store, after reporting that another mirror uses it, a part of it, or what it is a part of. */
    Path store(String name, Section section, @Nullable Path directory) {
        if (directory == null) {
            return BROKEN;
        }
        Path real = real(directory);
        check(section, "store", directory, real, stores);
        check(section, "store", directory, real, trees);
        stores.put(name, real);
        return directory;
    }

    /** The directory of a tree, after reporting that a store uses it; trees may be shared. */
    Path tree(String name, Section section, @Nullable Path directory) {
        if (directory == null) {
            return BROKEN;
        }
        Path real = real(directory);
        check(section, "tree", directory, real, stores);
        trees.put(name, real);
        return directory;
    }

    private static void check(Section section, String key, Path directory, Path real, Map<String, Path> taken) {
        taken.forEach((other, place) -> {
            if (real.startsWith(place) || place.startsWith(real)) {
                section.problem(
                        key,
                        Problems.quoted(directory.toString()),
                        "a directory neither within nor around that of mirrors." + other);
            }
        });
    }

    /** The path without symbolic links as far as it is there. */
    private static Path real(Path directory) {
        Path whole = directory.toAbsolutePath().normalize();
        for (Path there = whole; there != null; there = there.getParent()) {
            if (Files.exists(there)) {
                try {
                    return there.toRealPath().resolve(there.relativize(whole)).normalize();
                } catch (IOException e) {
                    return whole;
                }
            }
        }
        return whole;
    }
}
