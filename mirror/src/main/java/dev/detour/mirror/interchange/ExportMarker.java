package dev.detour.mirror.interchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The file that tells an exported tree from one of somebody else, which is never written into: an export removes what it
 * does not know. Hidden, so that no web server serves it.
 */
final class ExportMarker {
    private static final String FILE = ".detour-export";

    private ExportMarker() {}

    /**
     * Makes a directory one for exports in this layout.
     *
     * @throws IOException if it holds something else, or a tree in the other layout
     */
    static void claim(Path directory, boolean hashIndex) throws IOException {
        String layout = (hashIndex ? "hash-index" : "flat") + "\n";
        Path marker = directory.resolve(FILE);
        Files.createDirectories(directory);
        if (Files.exists(marker)) {
            String found = Files.size(marker) > 64 ? "?" : Files.readString(marker);
            if (!found.equals(layout)) {
                throw new IOException(directory + " holds a tree in the layout " + found.strip() + " (expected: "
                        + layout.strip() + ", or an empty directory)");
            }
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw new IOException(
                        directory
                                + " holds files that are no export (expected: an empty directory, or one exported into before)");
            }
        }
        Files.writeString(marker, layout);
    }
}
