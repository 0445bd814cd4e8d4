package dev.detour.mirror.store;

import java.util.List;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A state of the copied index. Names of projects are normalised. Thread-safe; reads block, so never on an event loop.
 *
 * <p>Every method fails with a {@link StoreException} if the store cannot be read, or if bytes do not have the hash they are
 * kept under.
 */
public interface StoreView {
    /** What is known of a project's page, or null if there is none. */
    @Nullable ProjectState state(String project) throws StoreException;

    /** A project's Simple page, canonical JSON, or null. */
    byte @Nullable [] page(String project) throws StoreException;

    /** A project's JSON API document, or null. */
    byte @Nullable [] document(String project) throws StoreException;

    /** A release's JSON API document, or null; {@code version} as the project's page spells it. */
    byte @Nullable [] release(String project, String version) throws StoreException;

    /** The attestations of a file, or null. */
    byte @Nullable [] provenance(String project, String version, String filename) throws StoreException;

    /** A release file or {@code .metadata}, or null; {@code path} relative to {@code packages/}. */
    @Nullable StoredFile file(String path) throws StoreException;

    /** A project's entry in the list, or null if the list lacks it. */
    @Nullable ListEntry listed(String project) throws StoreException;

    /** What is to be done about a project, or null. One that is new and pending is not absent. */
    @Nullable Task task(String project) throws StoreException;

    /** The project list without its projects, or null if none was ever taken. */
    @Nullable ObjectNode listHead() throws StoreException;

    /** What somebody noted under a name, or null. */
    @Nullable String note(String name) throws StoreException;

    /** At most so many pages' states, in the order of names, from the first after {@code project}; "" begins at the first. */
    SortedMap<String, ProjectState> statesAfter(String project, int count) throws StoreException;

    /** At most so many tasks, in the order of names, from the first after {@code project}; "" begins at the first. */
    List<Task> tasksAfter(String project, int count) throws StoreException;

    /** Every entry of the list, in the order of names. */
    void forEachListed(Consumer<ListEntry> entry) throws StoreException;

    /** Every page's state, in the order of names. */
    void forEachState(BiConsumer<String, ProjectState> state) throws StoreException;

    /** Every release file and {@code .metadata}, by its path below {@code packages/}. */
    void forEachFile(BiConsumer<String, StoredFile> file) throws StoreException;

    /** Every task, in the order of names. */
    void forEachTask(Consumer<Task> task) throws StoreException;
}
