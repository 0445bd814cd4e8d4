package dev.detour.app.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The distributions that a Python environment has. */
final class Installed {
    private static final String SUFFIX = ".dist-info";

    private Installed() {}

    /** {@code name-version} of each distribution anywhere below {@code directory}, sorted. */
    static List<String> below(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }
}
