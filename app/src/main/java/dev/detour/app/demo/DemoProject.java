package dev.detour.app.demo;

import java.util.List;
import java.util.Locale;

/**
 * A project of the demo index.
 *
 * @param name the name as its author writes it, e.g. {@code Demo.Tool_Kit}
 * @param summary one line about it
 * @param requiresDist what each of its releases depends on (PEP 508)
 * @param serial the serial of its last change
 * @param files its files in the order of (version, filename)
 */
record DemoProject(String name, String summary, List<String> requiresDist, long serial, List<DemoFile> files) {

    /** A project name in the form that URLs use (PEP 503): lower case, runs of {@code -_.} as one dash. */
    static String normalized(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
    }

    String normalizedName() {
        return normalized(name);
    }

    /** The versions that have files, oldest first. */
    List<String> versions() {
        return files.stream().map(DemoFile::version).distinct().toList();
    }

    List<DemoFile> filesOf(String version) {
        return files.stream().filter(file -> file.version().equals(version)).toList();
    }
}
