package dev.detour.mirror.interchange;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.tree.TreeReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A tree of files as a source: what its list names, and what it has besides, as an index has unlisted projects. */
final class TreeSource implements Source {
    private static final int BATCH = 250;

    private final TreeReader tree;
    private final ObjectNode head;
    private final @Nullable Instant taken;
    private final ObjectNode serials;
    private final Iterator<Map.Entry<String, String>> projects;
    private final Checking checking;
    private final TreeFiles files;
    private final boolean documents;

    private TreeSource(TreeReader tree, Import.Settings settings, FileVault vault, Checking checking)
            throws IOException {
        this.tree = tree;
        this.taken = tree.taken();
        this.serials = tree.serials();
        // entry by project, "" for none: sorted, so that the database gets its rows in order
        TreeMap<String, String> names = new TreeMap<>();
        this.head = tree.list((project, serial, json) -> names.put(project, json));
        tree.eachDirectory(name -> names.putIfAbsent(name, ""));
        this.projects = names.entrySet().iterator();
        this.checking = checking;
        this.files = new TreeFiles(tree, vault, settings.files());
        this.documents = settings.documents();
    }

    static TreeSource open(Path directory, Import.Settings settings, FileVault vault, Checking checking)
            throws IOException {
        return new TreeSource(TreeReader.open(directory), settings, vault, checking);
    }

    @Override
    public ObjectNode listHead() {
        return head;
    }

    @Override
    public @Nullable Instant taken() {
        return taken;
    }

    @Override
    public @Nullable Callable<List<Candidate>> next() {
        List<Map.Entry<String, String>> batch = new ArrayList<>();
        while (batch.size() < BATCH && projects.hasNext()) {
            batch.add(projects.next());
        }
        return batch.isEmpty() ? null : () -> candidates(batch);
    }

    private List<Candidate> candidates(List<Map.Entry<String, String>> batch) {
        List<Candidate> candidates = new ArrayList<>(batch.size());
        for (Map.Entry<String, String> each : batch) {
            Candidate candidate = candidate(each.getKey(), each.getValue());
            // a directory that is neither listed nor holds a page is no project's
            if (candidate.entry != null || candidate.page != null || !candidate.problems.isEmpty()) {
                candidates.add(candidate);
            }
        }
        return candidates;
    }

    private Candidate candidate(String project, String listed) {
        ObjectNode document = null;
        List<String> remarks = new ArrayList<>();
        if (documents) {
            try {
                document = tree.document(project);
            } catch (IOException e) {
                remarks.add(said(e));
            }
        }
        ObjectNode page = null;
        String problem = null;
        try {
            page = tree.page(project);
        } catch (IOException | PageFormatException e) {
            problem = said(e);
        }
        Candidate candidate = new Candidate(project, listed.isEmpty() ? null : entry(project, listed, page, document));
        candidate.remarks.addAll(remarks);
        if (problem != null) {
            candidate.problems.add(problem);
        } else if (page != null) {
            // before the check: it takes the tree over
            files.collect(page, candidate);
            checking.page(page, candidate);
        }
        candidate.document = document == null ? null : CanonicalJson.write(document);
        return candidate;
    }

    private static String said(Exception e) {
        return e instanceof java.nio.file.FileSystemException ? e.toString() : String.valueOf(e.getMessage());
    }

    /** The entry with what the list of a tree lacks and other files of it know: spelling and serial. */
    private ListEntry entry(String project, String listed, @Nullable ObjectNode page, @Nullable ObjectNode document) {
        ObjectNode entry = CanonicalJson.readObject(listed.getBytes(StandardCharsets.UTF_8));
        String spelled =
                document == null ? "" : document.path("info").path("name").asString("");
        if (project.equals(entry.path("name").asString("")) && project.equals(ProjectName.normalise(spelled))) {
            entry.put("name", spelled);
        }
        OptionalLong serial = serial(entry.get("_last-serial"));
        serial = serial.isPresent() ? serial : serial(serials.get(project));
        serial = serial.isPresent() || page == null
                ? serial
                : serial(page.path("meta").get("_last-serial"));
        serial.ifPresent(known -> entry.put("_last-serial", known));
        return new ListEntry(project, serial, new String(CanonicalJson.write(entry), StandardCharsets.UTF_8).strip());
    }

    private static OptionalLong serial(@Nullable JsonNode serial) {
        // shadowmire notes -1 of what is listed and cannot be had
        return serial != null && serial.isIntegralNumber() && serial.longValue() >= 0
                ? OptionalLong.of(serial.longValue())
                : OptionalLong.empty();
    }

    @Override
    public void close() {
        // files are closed as soon as they are read
    }
}
