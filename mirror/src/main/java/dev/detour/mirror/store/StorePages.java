package dev.detour.mirror.store;

import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.answer.Page;
import dev.detour.mirror.answer.PageKey;
import dev.detour.mirror.document.CoreMetadata;
import dev.detour.mirror.document.ReleaseDocument;
import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectPage;
import dev.detour.mirror.page.SimpleFormat;
import dev.detour.mirror.promise.Promises;
import dev.detour.mirror.tombstone.Withdrawn;
import dev.detour.mirror.tombstone.Withholding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes answers of the rows of one generation. */
final class StorePages {
    static final String DOCUMENT_TYPE = "application/json";

    private static final String PACKAGES = "packages/";
    private static final String INTEGRITY = "integrity/";

    private final StoreView view;
    private final FileVault files;
    private final Withdrawn withdrawn;

    StorePages(StoreView view, FileVault files, Withdrawn withdrawn) {
        this.view = view;
        this.files = files;
        this.withdrawn = withdrawn;
    }

    /** The page that is kept by this key, or null if there is nothing to make it of. */
    @Nullable Page page(PageKey key) throws IOException {
        if (key.resource() instanceof MirrorResource.JsonRelease release) {
            return release(key.project(), release.version());
        }
        if (key.resource() instanceof MirrorResource.Provenance asked) {
            return provenance(key.project(), asked.version(), asked.filename(), key.contentType());
        }
        return key.resource() instanceof MirrorResource.JsonProject
                ? document(key.project())
                : project(key.project(), SimpleFormat.of(key.contentType()));
    }

    /** A project's Simple page, or null if there is none. */
    private @Nullable Page project(String project, SimpleFormat format) throws IOException {
        ProjectPage page = page(view, project, withdrawn, file -> files.path(file.sha256()) != null);
        ProjectState state = view.state(project);
        if (page == null || state == null) {
            return null;
        }
        byte[] body = format.isJson() ? page.json() : page.html();
        return Page.of(body, format.mediaType(), true, state.serial(), time(state));
    }

    /** A project's page without what the state does not hold, or null if there is none. */
    static @Nullable ProjectPage page(StoreView view, String project, Withdrawn withdrawn, Predicate<StoredFile> kept)
            throws StoreException {
        byte[] json = view.page(project);
        if (json == null) {
            return null;
        }
        try {
            ObjectNode root = CanonicalJson.readObject(json);
            Withholding.fromPage(root, project, withdrawn);
            withdrawWhatIsNotHeld(root, project, view, kept);
            return new ProjectPage(root);
        } catch (PageFormatException e) {
            throw new StoreException("the page of " + project + " is damaged: " + e.getMessage(), e);
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException("the page of " + project + " cannot be made: " + e, e);
        }
    }

    private FileTime time(@Nullable ProjectState state) {
        return FileTime.from(withdrawn.modified(state == null ? Instant.EPOCH : state.fetchedAt()));
    }

    private static void withdrawWhatIsNotHeld(
            ObjectNode root, String project, StoreView view, Predicate<StoredFile> kept) throws IOException {
        Promises promises = new Promises(path -> holds(view, path, kept), "simple/" + project + "/");
        List<String> versions = new ArrayList<>();
        if (root.get("versions") instanceof ArrayNode array) {
            array.forEach(version -> versions.add(version.asString()));
        }
        if (root.get("files") instanceof ArrayNode entries) {
            for (JsonNode entry : entries) {
                if (entry instanceof ObjectNode file) {
                    promises.withdrawMissingMetadata(file);
                    promises.withdrawMissingProvenance(file, project, versions);
                }
            }
        }
    }

    private static boolean holds(StoreView view, String path, Predicate<StoredFile> kept) throws StoreException {
        if (path.startsWith(PACKAGES)) {
            StoredFile file = view.file(path.substring(PACKAGES.length()));
            return file != null && kept.test(file);
        }
        String[] parts = path.split("/", -1);
        return path.startsWith(INTEGRITY) && parts.length == 5 && view.provenance(parts[1], parts[2], parts[3]) != null;
    }

    /** A project's JSON API document, or null if there is none. */
    private @Nullable Page document(String project) throws IOException {
        byte[] document = view.document(project);
        if (document == null) {
            return null;
        }
        try {
            ObjectNode root = CanonicalJson.readObject(document);
            Withholding.fromDocument(root, project, withdrawn);
            return document(project, root);
        } catch (PageFormatException e) {
            throw new StoreException("the JSON document of " + project + " is damaged: " + e.getMessage(), e);
        }
    }

    private Page document(String project, ObjectNode root) throws IOException {
        ProjectState state = view.state(project);
        JsonNode serial = root.get("last_serial");
        return Page.of(
                CanonicalJson.write(root),
                DOCUMENT_TYPE,
                false,
                serial != null && serial.isIntegralNumber()
                        ? OptionalLong.of(serial.longValue())
                        : OptionalLong.empty(),
                time(state));
    }

    /** A release's JSON API document, the index's own or derived from its project's; null if there is neither. */
    private @Nullable Page release(String project, String version) throws IOException {
        byte[] own = view.release(project, version);
        byte[] document = own == null ? view.document(project) : own;
        if (document == null) {
            return null;
        }
        try {
            ObjectNode root = CanonicalJson.readObject(document);
            Withholding.fromFiles(root, project, withdrawn);
            return document(
                    project, own != null ? root : new ReleaseDocument(root, this::metadata).derive(project, version));
        } catch (PageFormatException e) {
            throw new StoreException("the JSON document of " + project + " is damaged: " + e.getMessage(), e);
        }
    }

    private byte @Nullable [] metadata(String path) throws IOException {
        Path file = path.startsWith(PACKAGES) ? file(path.substring(PACKAGES.length())) : null;
        return file == null || Files.size(file) > CoreMetadata.MAX_BYTES ? null : Files.readAllBytes(file);
    }

    /** The attestations of a file, or null. */
    private @Nullable Page provenance(String project, String version, String filename, String type) throws IOException {
        byte[] provenance = view.provenance(project, version, filename);
        ProjectState state = view.state(project);
        return provenance == null ? null : Page.of(provenance, type, true, OptionalLong.empty(), time(state));
    }

    /** Where a release file is, or null if it is not kept. */
    @Nullable Path file(String path) throws StoreException {
        StoredFile file = view.file(path);
        return file == null ? null : files.path(file.sha256());
    }
}
