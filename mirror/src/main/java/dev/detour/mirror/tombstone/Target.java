package dev.detour.mirror.tombstone;

import dev.detour.mirror.page.PythonVersion;

/**
 * What a tombstone stands on: a project, one of its releases, or one file. Equal to another that withholds the same, however
 * either was spelled.
 */
public sealed interface Target {
    /** What is written to mean it; {@link #parse} reads it back. */
    String text();

    /** A project and all that belongs to it; {@code name} is normalised. */
    record Project(String name) implements Target {
        @Override
        public String text() {
            return name;
        }
    }

    /** A release with its files; {@code name} is normalised, versions are equal as PEP 440 has it. */
    record Release(String name, PythonVersion version) implements Target {
        @Override
        public String text() {
            return name + "==" + version;
        }
    }

    /** A release file with its {@code .metadata}, attestations and signature. Case counts, as it does for the index. */
    record File(String filename) implements Target {
        @Override
        public String text() {
            return filename;
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
