package dev.detour.config;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether the files and directories that a configuration names are there. */
final class FileCheck {
    private FileCheck() {}

    /** The path of a setting that names an existing readable file, or null after reporting why it does not. */
    static @Nullable Path readable(Section section, String key, String what) {
        String expected = "a readable file: " + what;
        Path file = section.file(key, expected);
        if (file == null) {
            return null;
        }
        String wrong = !Files.exists(file)
                ? "no such file"
                : Files.isDirectory(file) ? "a directory" : !Files.isReadable(file) ? "not readable" : null;
        if (wrong != null) {
            section.problem(key, Problems.quoted(file.toString()) + " is " + wrong, expected);
            return null;
        }
        return file;
    }

    /** The path of a setting that names a directory to be used or created, or null after reporting why it cannot be. */
    static @Nullable Path directoryToBe(Section section, String key, String what) {
        String expected = "a directory: " + what;
        Path directory = section.file(key, expected);
        if (directory != null && Files.exists(directory) && !Files.isDirectory(directory)) {
            section.problem(key, Problems.quoted(directory.toString()) + " is a file", expected);
        }
        return directory;
    }

    /** The path of a setting that names a file to be read or created, or null after reporting why it cannot be. */
    static @Nullable Path fileToBe(Section section, String key, String what) {
        String expected = "a readable file, or none yet: " + what;
        Path file = section.file(key, expected);
        if (file != null && Files.exists(file) && (Files.isDirectory(file) || !Files.isReadable(file))) {
            String wrong = Files.isDirectory(file) ? "a directory" : "not readable";
            section.problem(key, Problems.quoted(file.toString()) + " is " + wrong, expected);
        }
        return file;
    }

    /** The path of a setting that names a bandersnatch tree, or null after reporting why it does not. */
    static @Nullable Path tree(Section section, String key) {
        String expected = "the web root of a bandersnatch tree, the directory that holds simple/";
        Path tree = section.file(key, expected);
        if (tree == null) {
            return null;
        }
        String wrong = !Files.exists(tree)
                ? "no such directory"
                : !Files.isDirectory(tree)
                        ? "a file"
                        : !Files.isDirectory(tree.resolve("simple"))
                                ? "a directory without simple/"
                                : !Files.isReadable(tree.resolve("simple")) ? "not readable" : null;
        if (wrong != null) {
            section.problem(key, Problems.quoted(tree.toString()) + " is " + wrong, expected);
            return null;
        }
        return tree;
    }
}
