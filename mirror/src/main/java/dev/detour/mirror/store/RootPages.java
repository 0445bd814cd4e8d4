package dev.detour.mirror.store;

import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectListWriter;
import dev.detour.mirror.page.SimpleFormat;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The project list of a generation in its two forms, as files beside the database: 90 MB for a million projects, which are
 * sent without being in memory. Those of the generation that is served only; they can be written again.
 */
final class RootPages {
    private static final String JSON = "index.v1_json";
    private static final String HTML = "index.html";
    private static final String PREFIX_OF_ALL = "index";
    private static final String PREFIX = PREFIX_OF_ALL + "-";

    private RootPages() {}

    static Path file(Path generation, SimpleFormat format) {
        return generation.resolve(format.isJson() ? JSON : HTML);
    }

    static boolean exist(Path generation) {
        return Files.exists(generation.resolve(JSON)) && Files.exists(generation.resolve(HTML));
    }

    /** A form, and how a writer of it is made. */
    private interface Form {
        ProjectListWriter on(Writer out, ObjectNode head) throws IOException;
    }

    /** The list without projects that have a tombstone. One thread makes it, others wait. */
    static synchronized Path without(Withdrawn withdrawn, Database sealed, SimpleFormat format) throws StoreException {
        String suffix = format.isJson() ? ".v1_json" : ".html";
        Path file = sealed.directory().resolve(PREFIX + withdrawn.version() + suffix);
        if (!Files.exists(file)) {
            write(
                    sealed,
                    file,
                    head(sealed),
                    format.isJson() ? ProjectListWriter::json : ProjectListWriter::html,
                    project -> withdrawn.project(project) == null);
            try {
                remove(
                        sealed.directory(),
                        name -> name.startsWith(PREFIX) && !name.startsWith(PREFIX + withdrawn.version()));
            } catch (IOException e) {
                throw new StoreException("lists of earlier tombstones cannot be removed: " + e, e);
            }
        }
        return file;
    }

    private static ObjectNode head(Database sealed) throws StoreException {
        ObjectNode head = sealed.listHead();
        return head == null ? JsonNodeFactory.instance.objectNode() : head;
    }

    static void write(Database sealed, Path generation) throws StoreException {
        write(sealed, generation.resolve(JSON), head(sealed), ProjectListWriter::json, project -> true);
        write(sealed, generation.resolve(HTML), head(sealed), ProjectListWriter::html, project -> true);
    }

    private static void write(Database sealed, Path file, ObjectNode head, Form form, Predicate<String> served)
            throws StoreException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        try (BufferedWriter out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
            ProjectListWriter list = form.on(out, head);
            sealed.forEachListed(entry -> {
                if (!served.test(entry.project())) {
                    return;
                }
                try {
                    list.add(entry.project(), entry.json());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            list.end();
        } catch (StoreException e) {
            throw e;
        } catch (IOException | UncheckedIOException | PageFormatException e) {
            throw new StoreException(file + " cannot be written: " + e, e);
        }
        try {
            DurableFile.move(fresh, file);
        } catch (IOException e) {
            throw new StoreException(file + " cannot be written: " + e, e);
        }
    }

    static void remove(Path generation) throws IOException {
        remove(generation, name -> name.startsWith(PREFIX_OF_ALL));
    }

    private static void remove(Path generation, Predicate<String> old) throws IOException {
        try (Stream<Path> files = Files.list(generation)) {
            for (Path file : files.filter(each -> old.test(each.getFileName().toString()))
                    .toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
