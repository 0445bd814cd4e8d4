package dev.detour.app.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One Markdown page of the repository. */
record Page(Path file, List<String> lines) {
    private static final Pattern LINK = Pattern.compile("]\\(([^)]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** The folder with the root pom, above the module that tests run in. */
    static final Path ROOT = root();

    private static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("README.md")) && Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException("the tests do not run inside of the repository");
    }

    static Page read(Path file) throws IOException {
        return new Page(file, Files.readAllLines(file));
    }

    static Page readme() throws IOException {
        return read(ROOT.resolve("README.md"));
    }

    /** The README and every page of docs/. */
    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>(List.of(readme()));
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                pages.add(read(file));
            }
        }
        return pages;
    }

    /** The fenced blocks of this language. */
    List<String> blocks(String language) {
        List<String> blocks = new ArrayList<>();
        List<String> block = null;
        for (String line : lines) {
            if (block == null) {
                block = line.equals("```" + language) ? new ArrayList<>() : null;
            } else if (line.equals("```")) {
                blocks.add(String.join("\n", block) + "\n");
                block = null;
            } else {
                block.add(line);
            }
        }
        return blocks;
    }

    /** Every command in a shell block, in order. */
    List<String> commands() {
        return blocks("sh").stream()
                .flatMap(String::lines)
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** Everything between single backquotes, such as names of types. */
    List<String> codeWords() {
        return found(CODE);
    }

    /** The parts of the page that match, in order. */
    List<String> found(Pattern pattern) {
        return lines.stream()
                .flatMap(line -> pattern.matcher(line).results())
                .map(result -> result.groupCount() == 0 ? result.group() : result.group(1))
                .toList();
    }

    /** Targets of links that stay in the repository. */
    List<String> localLinks() {
        return found(LINK).stream()
                .map(target -> target.replaceAll("#.*", ""))
                .filter(target -> !target.isEmpty() && !target.contains("://"))
                .toList();
    }
}
