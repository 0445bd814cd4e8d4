package dev.detour.mirror.store;

import dev.detour.mirror.page.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes of any number of projects that happen together or not at all. Not thread-safe; closed without a commit, it is as if
 * it had never been.
 */
public final class Change implements AutoCloseable {
    private static final byte[] AFTER_SEPARATOR = {1};

    private final MirrorStore store;
    private final Database database;
    private final WriteBatch batch = new WriteBatch();
    /** By project, the hash of the page that must still be there; "" for none. */
    private final Map<String, String> expected = new LinkedHashMap<>();
    /** By project, of pages that stay as they are: about bytes that may be gone by the time this is written. */
    private final Map<String, ProjectState> aboutKept = new LinkedHashMap<>();
    /** By project, the hash of its page in this change. */
    private final Map<String, String> written = new HashMap<>();

    private boolean changesContent;

    Change(MirrorStore store, Database database) {
        this.store = store;
        this.database = database;
    }

    /**
     * A project's page and what is known of it. What the page before it named, and it does not, goes.
     *
     * @param page canonical JSON, whose hash is the state's
     */
    public Change page(String project, byte[] page, ProjectState state) {
        if (!Sha256.hex(page).equals(state.sha256())) {
            throw new IllegalArgumentException("the state of " + project + " has the hash of another page");
        }
        written.put(project, state.sha256());
        aboutKept.remove(project);
        Belongings before = belongings(project);
        if (!before.equals(Belongings.NONE)) {
            drop(project, before.without(Belongings.of(project, page)));
        }
        return content(Family.PAGE, Rows.key(project), page).put(Family.STATE, Rows.key(project), Rows.of(state));
    }

    /**
     * What is known of a page that stays as it is. Left out if there is another page, or a later serial, by the time of the
     * commit: then it is about bytes that are gone.
     */
    public Change state(String project, ProjectState state) {
        if (state.sha256().equals(written.get(project))) {
            return put(Family.STATE, Rows.key(project), Rows.of(state));
        }
        aboutKept.put(project, state);
        return this;
    }

    /**
     * All of this rests on a project's page being the one that was read: if there is another by the time of the commit, nothing
     * is written.
     *
     * @param read what was known of the page, or null if there was none
     */
    public Change over(String project, @Nullable ProjectState read) {
        expected.put(project, read == null ? "" : read.sha256());
        return this;
    }

    /** The project is in the list. */
    public Change listed(ListEntry entry) {
        return content(Family.LIST, Rows.key(entry.project()), Rows.of(entry));
    }

    /** The project is not in the list. */
    public Change unlisted(String project) {
        return delete(Family.LIST, Rows.key(project));
    }

    /** The project list without its projects. */
    public Change listHead(ObjectNode head) {
        return content(Family.META, Database.LIST_HEAD, CanonicalJson.write(head));
    }

    /** A project's JSON API document. */
    public Change document(String project, byte[] json) {
        return content(Family.DOCUMENT, Rows.key(project), json);
    }

    /** The index has no JSON API document of the project. */
    public Change withoutDocument(String project) {
        return delete(Family.DOCUMENT, Rows.key(project));
    }

    /** A release's JSON API document. */
    public Change release(String project, String version, byte[] json) {
        return content(Family.RELEASE, Rows.key(project, version), json);
    }

    /** The attestations of a file. */
    public Change provenance(String project, String version, String filename, byte[] json) {
        return content(Family.PROVENANCE, Rows.key(project, version, filename), json);
    }

    /** A release file or {@code .metadata} that the vault holds; {@code path} relative to {@code packages/}. */
    public Change file(String path, StoredFile file) {
        return content(Family.FILE, Rows.key(path), Rows.of(file));
    }

    /** Something to remember from one run to the next, which is not served. */
    public Change note(String name, String value) {
        return put(Family.META, Rows.key(Database.NOTE, name), value.getBytes(StandardCharsets.UTF_8));
    }

    /** What is to be done about a project; takes the place of what was to be done before. */
    public Change task(Task task) {
        // a project that is new must not be called absent while it waits, so the first note of it belongs to the copy
        changesContent |= task.reason() == Task.Reason.NEW && task.attempts() == 0;
        return put(Family.TASK, Rows.key(task.project()), Rows.of(task));
    }

    /** There is nothing more to be done about a project. */
    public Change done(String project) {
        try {
            batch.delete(database.handle(Family.TASK), Rows.key(project));
        } catch (RocksDBException e) {
            throw outOfMemory(e);
        }
        return this;
    }

    private Belongings belongings(String project) {
        try {
            return Belongings.of(project, database.page(project));
        } catch (StoreException e) {
            // damaged, which is no reason not to replace it
            return Belongings.NONE;
        }
    }

    private void drop(String project, Belongings gone) {
        for (String path : gone.files()) {
            delete(Family.FILE, Rows.key(path));
            delete(Family.FILE, Rows.key(path + ".metadata"));
        }
        for (String version : gone.versions()) {
            delete(Family.RELEASE, Rows.key(project, version));
        }
        for (String path : gone.attestations()) {
            String[] parts = path.split("/", -1);
            delete(Family.PROVENANCE, Rows.key(parts[1], parts[2], parts[3]));
        }
    }

    /** Everything of a project goes, except its task. */
    public Change remove(String project) {
        drop(project, belongings(project));
        delete(Family.PAGE, Rows.key(project));
        delete(Family.STATE, Rows.key(project));
        delete(Family.LIST, Rows.key(project));
        delete(Family.DOCUMENT, Rows.key(project));
        deleteBelow(Family.RELEASE, project);
        deleteBelow(Family.PROVENANCE, project);
        return this;
    }

    private void deleteBelow(Family family, String project) {
        byte[] from = Rows.key(project, "");
        byte[] to = (project + new String(AFTER_SEPARATOR, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        try {
            batch.deleteRange(database.handle(family), from, to);
        } catch (RocksDBException e) {
            throw outOfMemory(e);
        }
    }

    private Change content(Family family, byte[] key, byte[] value) {
        changesContent = true;
        return put(family, key, value);
    }

    private Change put(Family family, byte[] key, byte[] value) {
        try {
            batch.put(database.handle(family), key, value);
        } catch (RocksDBException e) {
            throw outOfMemory(e);
        }
        return this;
    }

    private Change delete(Family family, byte[] key) {
        changesContent = true;
        try {
            batch.delete(database.handle(family), key);
        } catch (RocksDBException e) {
            throw outOfMemory(e);
        }
        return this;
    }

    /** A batch is memory until it is committed. */
    private static IllegalStateException outOfMemory(RocksDBException e) {
        return new IllegalStateException("a batch cannot grow", e);
    }

    /**
     * Makes it all so. Once only.
     *
     * @throws StoreException also if a page is not the one that it was to be written {@link #over over}
     */
    public void commit() throws StoreException {
        if (!tryCommit()) {
            throw new StoreException("a page of " + expected.keySet() + " was changed by somebody else meanwhile");
        }
    }

    /** Makes it all so, or nothing if a page is not the one that it was to be written {@link #over over}; says which. Once only. */
    public boolean tryCommit() throws StoreException {
        return store.commit(this);
    }

    /** Whether every page is the one that was expected. */
    boolean isCurrent(Database open) throws StoreException {
        for (Map.Entry<String, String> each : expected.entrySet()) {
            ProjectState now = open.state(each.getKey());
            if (!each.getValue().equals(now == null ? "" : now.sha256())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAbout(ProjectState state, @Nullable ProjectState now) {
        return now != null
                && now.sha256().equals(state.sha256())
                && now.serial().orElse(Long.MIN_VALUE) <= state.serial().orElse(Long.MAX_VALUE);
    }

    boolean changesContent() {
        return changesContent;
    }

    void writeTo(Database open, long content) throws StoreException {
        for (Map.Entry<String, ProjectState> each : aboutKept.entrySet()) {
            if (isAbout(each.getValue(), open.state(each.getKey()))) {
                put(Family.STATE, Rows.key(each.getKey()), Rows.of(each.getValue()));
            }
        }
        if (changesContent) {
            put(Family.META, Database.CONTENT, Long.toString(content).getBytes(StandardCharsets.UTF_8));
        }
        open.write(batch);
    }

    @Override
    public void close() {
        batch.close();
    }
}
