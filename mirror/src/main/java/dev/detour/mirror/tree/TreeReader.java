package dev.detour.mirror.tree;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.HtmlList;
import dev.detour.mirror.page.HtmlPage;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectListReader;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tree that is read from end to end by somebody who takes it over: bandersnatch's, flat or by first letter, shadowmire's, or
 * one that Detour exported. Pages are as the index would have written them, as far as the tree still knows. Thread-safe.
 *
 * <p>Every method fails with an {@link IOException} that names the file if one cannot be read or is not what it should be.
 */
public final class TreeReader {
    private static final String SIMPLE = "simple";
    private static final String SERIALS = "local.json";
    private static final String STATUS = "status";
    /** Stands for the tree while links are resolved: a host that no link of a page can mean (RFC 2606). */
    private static final String HERE = "http://tree.invalid/";

    private static final String TO_ROOT = "../../";

    private final Path tree;
    private final TreePaths paths;

    private TreeReader(Path tree, TreePaths paths) {
        this.tree = tree;
        this.paths = paths;
    }

    /**
     * Opens a tree.
     *
     * @param directory its {@code web} directory, or the one above that
     * @throws IOException if neither has a {@code simple} directory
     */
    public static TreeReader open(Path directory) throws IOException {
        for (Path tree : new Path[] {directory, directory.resolve("web")}) {
            if (Files.isDirectory(tree.resolve(SIMPLE))) {
                return new TreeReader(tree, new TreePaths(tree));
            }
        }
        throw new IOException(
                directory + " is no tree (expected: a directory with " + SIMPLE + "/ or web/" + SIMPLE + "/)");
    }

    /** When the tree was last known to be complete, or null if it does not say. */
    public @Nullable Instant taken() throws IOException {
        return paths.find(TreeWatch.LAST_MODIFIED) == null ? null : TreeWatch.taken(tree.toString(), paths);
    }

    /** Takes the entries of the project list, in no order. */
    public interface Entries {
        /**
         * An entry.
         *
         * @param json as the list has it, canonical
         */
        void add(String project, OptionalLong serial, String json);
    }

    /**
     * Reads the project list.
     *
     * @return all but its projects
     */
    public ObjectNode list(Entries entries) throws IOException {
        TreeFile json = paths.find(ProjectNames.JSON);
        try {
            ObjectNode head = json == null ? htmlList(entries) : jsonList(json, entries);
            PageRepair.repairSerial(head);
            addStatus(head);
            return head;
        } catch (PageFormatException e) {
            throw new UnreadableFileException(
                    json == null ? tree.resolve(ProjectNames.HTML).toString() : json.name(), e);
        }
    }

    private static ObjectNode jsonList(TreeFile json, Entries entries) throws IOException {
        try (InputStream in = new ByteArrayInputStream(json.read())) {
            return ProjectListReader.read(in, entries::add);
        }
    }

    private ObjectNode htmlList(Entries entries) throws IOException {
        TreeFile html = paths.find(ProjectNames.HTML);
        html = html == null ? paths.find(ProjectNames.V1_HTML) : html;
        if (html == null) {
            throw new UnreadableFileException(
                    tree.resolve(ProjectNames.JSON).toString(),
                    "missing (expected: this or " + ProjectNames.HTML + ")");
        }
        return HtmlList.read(html.read(), entries::add);
    }

    /** A list without a serial has that of the last run, which bandersnatch keeps beside the tree. */
    private void addStatus(ObjectNode head) throws IOException {
        Path status = tree.toAbsolutePath().normalize().resolveSibling(STATUS);
        if (!(head.get("meta") instanceof ObjectNode meta)
                || meta.has("_last-serial")
                || !Files.isRegularFile(status)) {
            return;
        }
        String text = Files.size(status) > 32 ? "" : Files.readString(status).strip();
        if (text.matches("[0-9]{1,18}")) {
            meta.put("_last-serial", Long.parseLong(text));
        }
    }

    /** Serials of projects that shadowmire keeps beside its list: normalised name to serial; empty in other trees. */
    public ObjectNode serials() throws IOException {
        TreeFile serials = paths.find(SERIALS);
        if (serials == null) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return CanonicalJson.readObject(serials.read());
        } catch (PageFormatException e) {
            throw new UnreadableFileException(serials.name(), e);
        }
    }

    /** Hands over the normalised names of all directories that may be a project's, whether it is in the list or not. */
    public void eachDirectory(Consumer<String> project) throws IOException {
        eachChild(tree.resolve(SIMPLE), name -> {
            project.accept(name);
            if (name.length() == 1) {
                // a project of one letter, or all of that letter (hash-index)
                eachChild(tree.resolve(SIMPLE).resolve(name), project::accept);
            }
        });
    }

    private interface Name {
        void accept(String name) throws IOException;
    }

    private static void eachChild(Path directory, Name names) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                String name = child.getFileName().toString();
                if (name.equals(ProjectName.normalise(name))) {
                    names.accept(name);
                }
            }
        }
    }

    /**
     * A project's page, or null if the tree has none. Promises that the tree does not keep are taken back. Links into the tree
     * stay relative.
     */
    public @Nullable ObjectNode page(String project) throws IOException {
        Sources sources = new Sources(paths, Withdrawn.NOTHING);
        ObjectNode json = SimplePages.repaired(project, sources);
        TreeFile html = json == null ? SimplePages.html(project, sources) : null;
        if (html == null) {
            return json;
        }
        try {
            String page = SIMPLE + "/" + project + "/";
            ObjectNode root = HtmlPage.read(html.read(), project, URI.create(HERE + page));
            makeRelative(root);
            new PageRepair(project, paths).repair(root, () -> YankReasons.inDocuments(project, sources));
            return root;
        } catch (PageFormatException e) {
            throw new UnreadableFileException(html.name(), e);
        }
    }

    private static void makeRelative(ObjectNode root) {
        for (JsonNode element : root.path("files")) {
            if (element instanceof ObjectNode file) {
                for (String key : new String[] {"url", "provenance"}) {
                    JsonNode link = file.get(key);
                    if (link != null && link.isString() && link.stringValue().startsWith(HERE)) {
                        file.put(key, TO_ROOT + link.stringValue().substring(HERE.length()));
                    }
                }
            }
        }
    }

    /** A project's JSON API document, or null if the tree has none. */
    public @Nullable ObjectNode document(String project) throws IOException {
        TreeFile file = SimplePages.document(project, new Sources(paths, Withdrawn.NOTHING));
        try {
            return file == null ? null : JsonDocuments.read(project, file, paths);
        } catch (PageFormatException e) {
            throw new UnreadableFileException(file.name(), e);
        }
    }

    /** A regular file by its path from the root of the tree, or null; never one outside of the tree. */
    public @Nullable Path file(String path) throws IOException {
        TreeFile file = paths.find(path);
        return file instanceof LocalFile local ? local.path() : null;
    }
}
