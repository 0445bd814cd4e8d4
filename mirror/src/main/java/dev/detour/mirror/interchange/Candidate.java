package dev.detour.mirror.interchange;

import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.StoredFile;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * All that a source has of one project, read and checked, on its way into the store. Made by one thread, then handed to
 * another; not changed after that.
 */
final class Candidate {
    final String project;
    /** Null if the source's list lacks it. */
    final @Nullable ListEntry entry;
    /** Null if the source has none, or one that may not be taken. */
    @Nullable PageBytes page;

    byte @Nullable [] document;
    final List<Attestations> provenance = new ArrayList<>();
    final List<KeptFile> files = new ArrayList<>();
    /** Why the page may not be taken. */
    final List<String> problems = new ArrayList<>();
    /** What else could not be taken. */
    final List<String> remarks = new ArrayList<>();

    /** A page in canonical form. */
    static final class PageBytes {
        final byte[] json;
        final String sha256;
        final OptionalLong serial;

        PageBytes(byte[] json, String sha256, OptionalLong serial) {
            this.json = json;
            this.sha256 = sha256;
            this.serial = serial;
        }
    }

    /** The attestations of one file. */
    static final class Attestations {
        final String version;
        final String filename;
        final byte[] json;

        Attestations(String version, String filename, byte[] json) {
            this.version = version;
            this.filename = filename;
            this.json = json;
        }
    }

    /**
     * A file that the store's vault has already.
     *
     * @param path relative to {@code packages/}
     */
    record KeptFile(String path, StoredFile file) {}

    Candidate(String project, @Nullable ListEntry entry) {
        this.project = project;
        this.entry = entry;
    }
}
