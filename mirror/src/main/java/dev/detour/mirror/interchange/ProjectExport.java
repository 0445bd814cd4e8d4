package dev.detour.mirror.interchange;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectPage;
import dev.detour.mirror.promise.Promises;
import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.StoreView;
import dev.detour.mirror.store.StoredFile;
import dev.detour.mirror.tombstone.Withdrawn;
import dev.detour.mirror.tombstone.WithheldException;
import dev.detour.mirror.tombstone.Withholding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes all that a generation has of a project into a tree. Thread-safe. */
final class ProjectExport {
    private static final String PACKAGES = "packages/";

    private final Generation generation;
    private final StoreView view;
    private final FileVault vault;
    private final Withdrawn withdrawn;
    private final ExportedTree tree;
    private final ExportedFiles files;

    ProjectExport(Generation generation, FileVault vault, Withdrawn withdrawn, ExportedTree tree, ExportedFiles files) {
        this.generation = generation;
        this.view = generation.view();
        this.vault = vault;
        this.withdrawn = withdrawn;
        this.tree = tree;
        this.files = files;
    }

    /** Whether the tree has its page now. */
    boolean write(String project) throws IOException {
        if (withdrawn.project(project) != null) {
            return false;
        }
        ProjectPage page = generation.page(project, withdrawn, vault);
        if (page == null) {
            return false;
        }
        byte[] json = page.json();
        // what a page promises is there before the page
        beside(CanonicalJson.readObject(json), project);
        Path directory = tree.page(project);
        files.write(directory.resolve(ExportedTree.JSON), json);
        files.write(directory.resolve(ExportedTree.HTML), page.html());
        files.alias(directory.resolve(ExportedTree.HTML), directory.resolve(ExportedTree.V1_HTML));
        document(project);
        return true;
    }

    private void document(String project) throws IOException {
        byte[] document = view.document(project);
        Path file = tree.document(project);
        Path second = tree.documentForClients(project);
        try {
            if (document != null) {
                ObjectNode root = CanonicalJson.readObject(document);
                Withholding.fromDocument(root, project, withdrawn);
                files.write(file, CanonicalJson.write(root));
                files.alias(file, second);
                return;
            }
        } catch (PageFormatException e) {
            throw new IOException("the JSON document of " + project + " is damaged: " + e.getMessage(), e);
        } catch (WithheldException e) {
            // no release of it is left to speak of
        }
        files.remove(file);
        files.remove(second);
    }

    private void beside(ObjectNode page, String project) throws IOException {
        List<String> versions = new ArrayList<>();
        page.path("versions").forEach(version -> versions.add(version.asString()));
        Promises promises = new Promises(this::attestations, "simple/" + project + "/");
        for (JsonNode element : page.path("files")) {
            if (element instanceof ObjectNode file) {
                promises.withdrawMissingProvenance(file, project, versions);
                String path = Promises.packagePath(file.path("url").asString(""));
                if (path != null && path.startsWith(PACKAGES)) {
                    copy(path.substring(PACKAGES.length()));
                    copy(path.substring(PACKAGES.length()) + ".metadata");
                }
            }
        }
    }

    private boolean attestations(String path) throws IOException {
        String[] parts = path.split("/", -1);
        byte[] json = view.provenance(parts[1], parts[2], parts[3]);
        if (json != null && isPlain(path)) {
            files.write(tree.web().resolve(path), json);
        }
        return true;
    }

    private void copy(String path) throws IOException {
        StoredFile stored = view.file(path);
        Path kept = stored == null ? null : vault.path(stored.sha256());
        if (kept != null && isPlain(path) && withdrawn.path(path) == null) {
            files.copy(kept, tree.packages().resolve(path));
        }
    }

    /** Whether a path that came from a page stays in the tree. */
    private static boolean isPlain(String path) {
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty()
                    || segment.charAt(0) == '.'
                    || segment.indexOf('\\') >= 0
                    || segment.indexOf('\0') >= 0) {
                return false;
            }
        }
        return true;
    }
}
