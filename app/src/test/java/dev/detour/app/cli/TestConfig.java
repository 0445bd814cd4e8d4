package dev.detour.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Configuration files for the command line's tests. */
final class TestConfig {
    private static final String VALID = """
            listeners:
              - address: 127.0.0.1:8080
            backends:
              warehouse:
                endpoints: ["http://127.0.0.1:8000"]
            index: {preset: pypi, backend: warehouse}
            """;

    private TestConfig() {}

    /** The path of a valid configuration that goes away with this process. */
    static String valid() {
        return file(VALID);
    }

    /** The path of a file with this text that goes away with this process. */
    static String file(String text) {
        try {
            Path file = Files.createTempFile("detour", ".yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
