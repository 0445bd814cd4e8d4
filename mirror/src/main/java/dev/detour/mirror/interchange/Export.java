package dev.detour.mirror.interchange;

import dev.detour.mirror.page.SimpleFormat;
import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.StoreView;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a generation as a tree in bandersnatch's layout, which any web server can serve:
 *
 * <pre>
 * DIR/status                                  serial of the list
 * DIR/generation                              5, the number of the layout
 * DIR/web/last-modified                       when the index was last agreed with, YYYYMMDDTHH:MM:SS, UTC
 * DIR/web/simple/index.html .v1_html .v1_json         the project list
 * DIR/web/simple/NAME/index.html .v1_html .v1_json    a page; with hash-index: simple/N/NAME/…
 * DIR/web/json/NAME, DIR/web/pypi/NAME/json           a JSON API document
 * DIR/web/packages/…                                  release files and .metadata that the store keeps
 * DIR/web/integrity/NAME/VERSION/FILE/provenance      attestations
 * </pre>
 *
 * <p>The bytes are those that Detour serves. Each file is whole, old or new, at any time; those that are right already keep
 * their inode and time; those of what is gone go. The list comes after the pages it names, and {@code last-modified} comes
 * last, so that a tree that was left unfinished stays as old as it was. A web server sends {@code index.v1_json} as {@code
 * application/vnd.pypi.simple.v1+json}, {@code index.v1_html} as {@code application/vnd.pypi.simple.v1+html}, chosen by
 * {@code Accept}, and {@code json/} and {@code pypi/} as {@code application/json}.
 */
public final class Export {
    private static final int BATCH = 250;
    private static final int AHEAD = 4;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Generation generation;
    private final FileVault vault;
    private final Withdrawn withdrawn;
    private final boolean hashIndex;

    /**
     * Of a generation.
     *
     * @param generation held open by the caller
     * @param vault the store's release files
     * @param withdrawn what must not be served
     * @param hashIndex whether pages lie below a directory of their first character
     */
    public Export(Generation generation, FileVault vault, Withdrawn withdrawn, boolean hashIndex) {
        this.generation = generation;
        this.vault = vault;
        this.withdrawn = withdrawn;
        this.hashIndex = hashIndex;
    }

    /**
     * Exports.
     *
     * @param directory empty, or exported into before in the same layout
     * @throws IOException if the tree cannot be written, or the generation cannot be read
     */
    public ExportReport into(Path directory) throws IOException, InterruptedException {
        long began = System.nanoTime();
        ExportMarker.claim(directory, hashIndex);
        ExportedFiles files = new ExportedFiles();
        ExportedTree tree = new ExportedTree(directory.resolve("web"), hashIndex);
        ProjectExport projects = new ProjectExport(generation, vault, withdrawn, tree, files);
        long count = all(projects);
        Path simple = tree.simple();
        files.copyBytes(generation.index(SimpleFormat.V1_JSON, withdrawn), simple.resolve(ExportedTree.JSON));
        files.copyBytes(generation.index(SimpleFormat.TEXT_HTML, withdrawn), simple.resolve(ExportedTree.HTML));
        files.alias(simple.resolve(ExportedTree.HTML), simple.resolve(ExportedTree.V1_HTML));
        new Sweep(generation.view(), withdrawn, tree, files).run();
        text(files, directory.resolve("generation"), "5");
        text(files, directory.resolve("status"), String.valueOf(serial(generation.view())));
        Instant confirmed = generation.confirmedAt();
        text(files, tree.web().resolve("last-modified"), TIME.format(confirmed) + "\n");
        return new ExportReport(
                generation.number(),
                count,
                files.written(),
                files.unchanged(),
                files.removed(),
                Duration.ofNanos(System.nanoTime() - began));
    }

    private static void text(ExportedFiles files, Path file, String text) throws IOException {
        files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static long serial(StoreView view) throws IOException {
        ObjectNode head = view.listHead();
        JsonNode serial = head == null ? null : head.path("meta").get("_last-serial");
        return serial != null && serial.isIntegralNumber() ? serial.longValue() : 0;
    }

    private long all(ProjectExport projects) throws IOException, InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        ExecutorService writers = Executors.newFixedThreadPool(processors, work -> {
            Thread thread = new Thread(work, "detour-export");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Deque<Future<Long>> ahead = new ArrayDeque<>();
            long count = 0;
            List<String> batch = after("");
            while (!batch.isEmpty() || !ahead.isEmpty()) {
                while (!batch.isEmpty() && ahead.size() < AHEAD * processors) {
                    List<String> names = batch;
                    ahead.add(writers.submit(() -> write(projects, names)));
                    batch = after(names.get(names.size() - 1));
                }
                count += result(ahead.remove());
            }
            return count;
        } finally {
            writers.shutdownNow();
        }
    }

    private List<String> after(String project) throws IOException {
        return new ArrayList<>(generation.view().statesAfter(project, BATCH).keySet());
    }

    private static long write(ProjectExport projects, List<String> names) throws IOException {
        long written = 0;
        for (String name : names) {
            written += projects.write(name) ? 1 : 0;
        }
        return written;
    }

    private static long result(Future<Long> work) throws IOException, InterruptedException {
        try {
            return work.get();
        } catch (ExecutionException e) {
            throw new IOException("the export cannot go on: " + e.getCause(), e);
        }
    }
}
