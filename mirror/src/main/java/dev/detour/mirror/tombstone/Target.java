package dev.detour.mirror.tombstone;

import dev.detour.mirror.page.PythonVersion;
import java.util.List;

/**
 * What a tombstone stands on: a project, one of its releases, or one file. Equal to another that withholds the same, however
 * either was spelled.
 */
public sealed interface Target {
    /** What is written to mean it; {@link #parse} reads it back. */
    String text();

    /** The projects it may belong to, normalised: one, save for old archives whose names can be divided in several ways. */
    List<String> projects();

    /** Whether a file is withheld by it; {@code project} is normalised, {@code version} the file's, "" if it has none. */
    boolean covers(String project, String version, String filename);

    /** A project and all that belongs to it; {@code name} is normalised. */
    record Project(String name) implements Target {
        @Override
        public String text() {
            return name;
        }

        @Override
        public List<String> projects() {
            return List.of(name);
        }

        @Override
        public boolean covers(String project, String version, String filename) {
            return project.equals(name);
        }
    }

    /** A release with its files; {@code name} is normalised, versions are equal as PEP 440 has it. */
    record Release(String name, PythonVersion version) implements Target {
        @Override
        public String text() {
            return name + "==" + version;
        }

        @Override
        public List<String> projects() {
            return List.of(name);
        }

        @Override
        public boolean covers(String project, String release, String filename) {
            return project.equals(name) && version.equals(PythonVersion.of(release));
        }
    }

    /** A release file with its {@code .metadata}, attestations and signature. Case counts, as it does for the index. */
    record File(String filename) implements Target {
        @Override
        public String text() {
            return filename;
        }

        @Override
        public List<String> projects() {
            return ReleaseFileOwner.projects(filename);
        }

        @Override
        public boolean covers(String project, String version, String name) {
            return name.equals(filename);
        }
    }

    /**
     * Reads what an operator wrote. Text with {@code ==} is a release; text with a dash that ends as release files do is a
     * file; everything else is a project.
     *
     * @throws IllegalArgumentException if it is none of these; the message is what was expected instead
     */
    static Target parse(String text) {
        return TargetSpelling.parse(text.strip());
    }
}
