package dev.detour.mirror.store;

import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectListWriter;
import dev.detour.mirror.page.SimpleFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The project list of a generation in its two forms, as files beside the database: 90 MB for a million projects, which are
 * sent without being in memory. Those of the generation that is served only; they can be written again.
 */
final class RootPages {
    private static final String JSON = "index.v1_json";
    private static final String HTML = "index.html";

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

    static void write(Database sealed, Path generation) throws StoreException {
        ObjectNode head = sealed.listHead();
        ObjectNode meta = head == null ? JsonNodeFactory.instance.objectNode() : head;
        write(sealed, generation.resolve(JSON), meta, ProjectListWriter::json);
        write(sealed, generation.resolve(HTML), meta, ProjectListWriter::html);
    }

    private static void write(Database sealed, Path file, ObjectNode head, Form form) throws StoreException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        try (BufferedWriter out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
            ProjectListWriter list = form.on(out, head);
            sealed.forEachListed(entry -> {
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
        Files.deleteIfExists(generation.resolve(JSON));
        Files.deleteIfExists(generation.resolve(HTML));
    }
}
