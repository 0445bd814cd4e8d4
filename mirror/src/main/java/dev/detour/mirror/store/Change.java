package dev.detour.mirror.store;

import dev.detour.mirror.page.CanonicalJson;
import java.nio.charset.StandardCharsets;
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
    private boolean changesContent;

    Change(MirrorStore store, Database database) {
        this.store = store;
        this.database = database;
    }

    /**
     * A project's page and what is known of it.
     *
     * @param page canonical JSON, whose hash is the state's
     */
    public Change page(String project, byte[] page, ProjectState state) {
        if (!Sha256.hex(page).equals(state.sha256())) {
            throw new IllegalArgumentException("the state of " + project + " has the hash of another page");
        }
        return content(Family.PAGE, Rows.key(project), page).state(project, state);
    }

    /** What is known of a page that stays as it is. */
    public Change state(String project, ProjectState state) {
        return put(Family.STATE, Rows.key(project), Rows.of(state));
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

    /** Everything of a project goes, except its task and its release files. */
    public Change remove(String project) {
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

    /** Makes it all so. Once only. */
    public void commit() throws StoreException {
        store.commit(this);
    }

    /**
     * Makes it all so if a project's state is still what it was when this was decided: captured answers, syncs and audits write
     * the same pages. Once only.
     *
     * @param expected as it was read, or null if there was none
     * @return whether it was; if not, nothing is written
     */
    public boolean commitIf(String project, @Nullable ProjectState expected) throws StoreException {
        return store.commitIf(this, project, expected);
    }

    boolean changesContent() {
        return changesContent;
    }

    void writeTo(Database open, long content) throws StoreException {
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
