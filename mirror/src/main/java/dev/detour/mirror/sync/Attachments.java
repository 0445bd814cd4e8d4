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
    private static final long LARGEST_FILE = 8L << 30;

    /** Of so many pages, one has a promised {@code .metadata} looked for where no files are kept. */
    private static final int SAMPLE = 100;

    /** So many of a kind that could not be had are enough to leave the rest for another time. */
    private static final int MOST_FAILURES = 3;

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

    /**
     * What could not be had of a page's attachments.
     *
     * @param missing what is worth another try, though the page is worth having without it; or null
     * @param broken a promise of the page that its own file host denies, which makes installers fail; or null
     */
    record Lack(@Nullable String missing, @Nullable String broken) {}

    private static final class Missing {
        private @Nullable String first;
        private @Nullable String broken;
        private int count;

        void add(@Nullable String problem) {
            if (problem != null) {
                first = first == null ? problem : first;
                count++;
            }
        }

        void addBroken(String promise) {
            broken = promise;
        }

        boolean isEnough() {
            return broken != null || count >= MOST_FAILURES;
        }
    }

    /** Puts what belongs to a page into its change. */
    Lack attach(Change change, String project, ObjectNode page) throws StoreException, InterruptedException {
        Missing missing = new Missing();
        if (settings.documents() != SyncSettings.Documents.NONE) {
            missing.add(document(change, project));
        }
        if (settings.documents() == SyncSettings.Documents.ALL) {
            for (JsonNode version : page.path("versions")) {
                if (!missing.isEnough()) {
                    missing.add(release(change, project, version.asString()));
                }
            }
        }
        for (JsonNode element : page.path("files")) {
            if (element instanceof ObjectNode file && !missing.isEnough()) {
                if (settings.provenance()) {
                    missing.add(provenance(change, project, file));
                }
                files(change, project, file, missing);
            }
        }
        if (settings.files() == SyncSettings.Files.NONE && Math.floorMod(page.hashCode(), SAMPLE) == 0) {
            lookFor(project, page, missing);
        }
        return new Lack(missing.first, missing.broken);
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
        URI uri = uri(index.resolve("simple/" + project + "/"), named);
        if (uri == null) {
            return null;
        }
        IndexAnswer answer = index.provenance(uri);
        byte[] json = answer instanceof IndexAnswer.Found found ? found.body() : null;
        if (json == null) {
            return answer instanceof IndexAnswer.Gone ? null : problem("the attestations of " + filename, answer);
        }
        change.provenance(project, version, filename, json);
        return null;
    }

    /** A URL that a page names, or null if it is none. */
    private static @Nullable URI uri(URI page, @Nullable JsonNode url) {
        try {
            return url != null && url.isString() ? page.resolve(url.stringValue()) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static URI metadataOf(URI file) {
        return URI.create(file.toString().replaceFirst("[?#].*", "") + ".metadata");
    }

    /** Looks whether the newest promise of a {@code .metadata} is kept by the file host. */
    private void lookFor(String project, ObjectNode page, Missing missing) throws InterruptedException {
        URI promised = null;
        for (JsonNode file : page.path("files")) {
            URI uri = uri(index.resolve("simple/" + project + "/"), file.get("url"));
            if (uri != null && file.path("core-metadata").path("sha256").isString()) {
                promised = metadataOf(uri);
            }
        }
        if (promised != null && index.head(promised) instanceof IndexAnswer.Gone gone) {
            missing.addBroken(absent(promised.toString(), gone));
        }
    }

    private void files(Change change, String project, ObjectNode file, Missing missing)
            throws StoreException, InterruptedException {
        if (settings.files() == SyncSettings.Files.NONE) {
            return;
        }
        URI uri = uri(index.resolve("simple/" + project + "/"), file.get("url"));
        String path = uri == null || uri.getPath() == null ? null : Promises.packagePath(uri.getPath());
        if (uri == null || path == null || !path.startsWith(PACKAGES)) {
            return;
        }
        String name = path.substring(PACKAGES.length());
        JsonNode metadata = file.path("core-metadata").path("sha256");
        if (metadata.isString()) {
            metadata(change, metadataOf(uri), name + ".metadata", metadata.stringValue(), missing);
        }
        JsonNode hash = file.path("hashes").path("sha256");
        if (settings.files() == SyncSettings.Files.ALL && hash.isString()) {
            missing.add(release(change, uri, name, hash.stringValue(), file.path("size")));
        }
    }

    private boolean isKeptOrUnverifiable(String path, String sha256) throws StoreException {
        return !sha256.matches("[0-9a-f]{64}") || store.live().file(path) != null;
    }

    private void metadata(Change change, URI uri, String path, String sha256, Missing missing)
            throws StoreException, InterruptedException {
        if (isKeptOrUnverifiable(path, sha256)) {
            return;
        }
        IndexAnswer answer = index.file(uri, LARGEST_METADATA);
        if (answer instanceof IndexAnswer.Gone) {
            missing.addBroken(absent(path, answer));
            return;
        }
        if (!(answer instanceof IndexAnswer.Found found)) {
            missing.add(absent(path, answer));
            return;
        }
        try {
            long size = found.body().length;
            FileVault.Outcome outcome = store.files().put(sha256, size, new ByteArrayInputStream(found.body()));
            String problem = kept(change, path, sha256, size, outcome);
            if (problem != null) {
                missing.addBroken(problem);
            }
        } catch (IOException e) {
            throw new StoreException(path + " cannot be kept: " + e, e);
        }
    }

    /** Files of any size, so they are not held in memory; without a size there is nothing to hold against the limit. */
    private @Nullable String release(Change change, URI uri, String path, String sha256, JsonNode told)
            throws StoreException, InterruptedException {
        if (isKeptOrUnverifiable(path, sha256) || !told.isIntegralNumber()) {
            return null;
        }
        long size = told.longValue();
        if (store.files().path(sha256) == null
                && size > store.files().limit() - store.files().used()) {
            reportFull();
            return null;
        }
        FileVault.Outcome[] outcome = {FileVault.Outcome.WRONG};
        try {
            IndexAnswer answer = index.file(
                    uri,
                    Math.min(size + 1, LARGEST_FILE),
                    (body, type) -> outcome[0] = store.files().put(sha256, size, body));
            return answer instanceof IndexAnswer.Found
                    ? kept(change, path, sha256, size, outcome[0])
                    : absent(path, answer);
        } catch (IOException e) {
            throw new StoreException(path + " cannot be kept: " + e, e);
        }
    }

    private static String absent(String path, IndexAnswer answer) {
        return answer instanceof IndexAnswer.Gone gone
                ? path + " is advertised, and answered " + gone.status()
                : problem(path, answer);
    }

    private @Nullable String kept(Change change, String path, String sha256, long size, FileVault.Outcome outcome) {
        if (outcome == FileVault.Outcome.KEPT) {
            change.file(path, new StoredFile(sha256, size));
            return null;
        }
        if (outcome == FileVault.Outcome.NO_ROOM) {
            reportFull();
            return null;
        }
        return path + " has other bytes than its hash says (expected: SHA-256 " + sha256 + ")";
    }

    private void reportFull() {
        if (fullReported.compareAndSet(false, true)) {
            LOG.warn(
                    "the limit of {} bytes of release files is reached: no more are kept, pages are",
                    store.files().limit());
        }
    }
}
