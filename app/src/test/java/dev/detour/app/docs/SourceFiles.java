package dev.detour.app.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Java files of every module, by the name of their type. */
final class SourceFiles {
    private final Map<String, Path> files = new HashMap<>();

    private SourceFiles() {}

    static SourceFiles ofTheRepository() throws IOException {
        SourceFiles sources = new SourceFiles();
        try (Stream<Path> folders = Files.list(Page.ROOT)) {
            for (Path folder : folders.filter(each -> Files.exists(each.resolve("pom.xml")))
                    .toList()) {
                sources.add(folder.resolve("src"));
            }
        }
        return sources;
    }

    private void add(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> files.put(file.getFileName().toString().replace(".java", ""), file));
        }
    }

    /** Whether there is such a type, and its file has the member after the dot, if one is named. */
    boolean have(String name) throws IOException {
        List<String> parts = List.of(name.split("\\."));
        Path file = files.get(parts.get(0));
        return file != null && (parts.size() == 1 || mentions(file, parts.get(1)));
    }

    private static boolean mentions(Path file, String member) throws IOException {
        return List.of(Files.readString(file).split("\\W+")).contains(member);
    }
}
