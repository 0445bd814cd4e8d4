package dev.detour.mirror.tombstone;

import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.page.PythonVersion;
import dev.detour.mirror.page.ReleaseFilename;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * The projects and releases that a file without its page may belong to. The name of a wheel says it exactly. That of an old
 * source archive may be divided in several places: {@code a-2-1.zip} is version 1 of {@code a-2}, or 2-1 of {@code a}.
 */
final class ReleaseFileOwner {
    private ReleaseFileOwner() {}

    /** The names before each dash, normalised, after which a version can begin. */
    static List<String> projects(String filename) {
        List<String> names = new ArrayList<>(1);
        int dash = filename.indexOf('-');
        while (dash > 0) {
            String name = ProjectName.normalise(filename.substring(0, dash));
            int next = filename.indexOf('-', dash + 1);
            if (name != null && !names.contains(name) && (isBuilt(filename) || hasVersion(filename, name, next < 0))) {
                names.add(name);
            }
            dash = isBuilt(filename) ? -1 : next;
        }
        return names;
    }

    /** What stands after the last dash is a version whatever it looks like; what stands before may be part of a name. */
    private static boolean hasVersion(String filename, String name, boolean last) {
        return last || !version(filename, name, List.of()).isLegacy();
    }

    private static boolean isBuilt(String filename) {
        String lower = filename.toLowerCase(Locale.ROOT);
        return lower.endsWith(".whl") || lower.endsWith(".egg");
    }

    /**
     * The version of a file if it is one of {@code project}.
     *
     * @param known versions that settle what an old platform suffix leaves open
     */
    static PythonVersion version(String filename, String project, Collection<String> known) {
        return PythonVersion.of(ReleaseFilename.versionOf(filename, project, known));
    }
}
