package dev.detour.mirror.sync;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.promise.Promises;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What belongs to a page: its JSON documents, attestations and files, fetched before the page is written with them. */
final class Attachments {
    private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);
    private static final Pattern PROVENANCE = Pattern.compile(".*/integrity/([^/]+)/([^/]+)/([^/]+)/provenance/?");
    private static final long LARGEST_METADATA = 16L << 20;
    private static final long LARGEST_FILE = 2L << 30;
    private static final String PACKAGES = "packages/";

    private final MirrorStore store;
    private final IndexClient index;
    private final SyncSettings settings;
    private final AtomicBoolean fullReported = new AtomicBoolean();

    Attachments(MirrorStore store, IndexClient index, SyncSettings settings) {
        this.store = store;
        this.index = index;
        this.settings = settings;
    }

    /** Puts what belongs to a page into its change; says what could not be had and is worth another try, or null. */
    @Nullable String attach(Change change, String project, ObjectNode page) throws StoreException, InterruptedException {
        String missing = null;
        if (settings.documents() != SyncSettings.Documents.NONE) {
            missing = first(missing, document(change, project));
        }
        if (settings.documents() == SyncSettings.Documents.ALL) {
            for (JsonNode version : page.path("versions")) {
                missing = first(missing, release(change, project, version.asString()));
            }
        }
        for (JsonNode element : page.path("files")) {
            if (element instanceof ObjectNode file) {
                if (settings.provenance()) {
                    missing = first(missing, provenance(change, project, file));
                }
                missing = first(missing, files(change, project, file));
            }
        }
        return missing;
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one == null ? other : one;
    }

    private @Nullable String document(Change change, String project) throws InterruptedException {
        IndexAnswer answer = index.document(project);
        if (answer instanceof IndexAnswer.Gone) {
            // as it is with projects without releases, and quarantined ones
            change.withoutDocument(project);
            return null;
        }
        byte[] json = canonical(answer);
        if (json == null) {
            return problem("the JSON document", answer);
        }
        change.document(project, json);
        return null;
    }

    private @Nullable String release(Change change, String project, String version) throws InterruptedException {
        IndexAnswer answer = index.release(project, version);
        if (answer instanceof IndexAnswer.Gone) {
            return null;
        }
        byte[] json = canonical(answer);
        if (json == null) {
            return problem("the JSON document of " + version, answer);
        }
        change.release(project, version, json);
        return null;
    }

    private static byte @Nullable [] canonical(IndexAnswer answer) {
        try {
            return answer instanceof IndexAnswer.Found found
                    ? CanonicalJson.write(CanonicalJson.readObject(found.body()))
                    : null;
        } catch (PageFormatException e) {
            return null;
        }
    }

    private static String problem(String what, IndexAnswer answer) {
        return what + " could not be had: "
                + (answer instanceof IndexAnswer.Failed failed ? failed.detail() : "it is not JSON");
    }

    private @Nullable String provenance(Change change, String project, ObjectNode file)
            throws StoreException, InterruptedException {
        JsonNode named = file.get("provenance");
        Matcher url = named != null && named.isString() ? PROVENANCE.matcher(named.stringValue()) : null;
        if (url == null || !url.matches()) {
            return null;
        }
        String version = url.group(2);
        String filename = url.group(3);
        if (store.live().provenance(project, version, filename) != null) {
            // attestations of a file never change: the file does not either
            return null;
        }
        IndexAnswer answer = index.provenance(index.resolve(named.stringValue()));
        byte[] json = answer instanceof IndexAnswer.Found found ? found.body() : null;
        if (json == null) {
            return answer instanceof IndexAnswer.Gone ? null : problem("the attestations of " + filename, answer);
        }
        change.provenance(project, version, filename, json);
        return null;
    }

    private @Nullable String files(Change change, String project, ObjectNode file)
            throws StoreException, InterruptedException {
        if (settings.files() == SyncSettings.Files.NONE) {
            return null;
        }
        URI page = index.resolve("simple/" + project + "/");
        JsonNode url = file.path("url");
        String path = url.isString()
                ? Promises.packagePath(page.resolve(url.stringValue()).getPath())
                : null;
        if (path == null || !path.startsWith(PACKAGES)) {
            return null;
        }
        URI uri = page.resolve(url.stringValue());
        String name = path.substring(PACKAGES.length());
        String missing = null;
        JsonNode metadata = file.path("core-metadata").path("sha256");
        if (metadata.isString()) {
            URI beside = URI.create(uri.toString().replaceFirst("[?#].*", "") + ".metadata");
            missing = file(change, beside, name + ".metadata", metadata.stringValue(), LARGEST_METADATA);
        }
        JsonNode hash = file.path("hashes").path("sha256");
        if (settings.files() == SyncSettings.Files.ALL && hash.isString()) {
            missing = first(missing, file(change, uri, name, hash.stringValue(), LARGEST_FILE));
        }
        return missing;
    }

    private @Nullable String file(Change change, URI uri, String path, String sha256, long largest)
            throws StoreException, InterruptedException {
        if (!sha256.matches("[0-9a-f]{64}") || store.live().file(path) != null) {
            return null;
        }
        IndexAnswer answer = index.file(uri, largest);
        if (!(answer instanceof IndexAnswer.Found found)) {
            return answer instanceof IndexAnswer.Gone gone
                    ? path + " is advertised, and answered " + gone.status()
                    : problem(path, answer);
        }
        try {
            long size = found.body().length;
            FileVault.Outcome outcome = store.files().put(sha256, size, new ByteArrayInputStream(found.body()));
            if (outcome == FileVault.Outcome.KEPT) {
                change.file(path, new StoredFile(sha256, size));
                return null;
            }
            if (outcome == FileVault.Outcome.NO_ROOM) {
                reportFull();
                return null;
            }
            return path + " has other bytes than its hash says (expected: SHA-256 " + sha256 + ")";
        } catch (IOException e) {
            throw new StoreException(path + " cannot be kept: " + e, e);
        }
    }

    private void reportFull() {
        if (fullReported.compareAndSet(false, true)) {
            LOG.warn(
                    "the limit of {} bytes of release files is reached: no more are kept, pages are",
                    store.files().limit());
        }
    }
}
