package dev.detour.mirror.tombstone;

import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.page.PythonVersion;
import dev.detour.mirror.page.ReleaseFilename;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** How targets are written, and what names of release files look like. */
final class TargetSpelling {
    /** Endings of what lies beside a release file under its name. */
    private static final List<String> COMPANIONS = List.of(".metadata", ".asc", ".sig", ".provenance");

    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z.+!_~-]{0,254}");
    private static final int LONGEST_NAME = 255;

    private TargetSpelling() {}

    static Target parse(String written) {
        int equals = written.indexOf("==");
        if (equals >= 0) {
            return release(
                    written.substring(0, equals).strip(),
                    written.substring(equals + 2).strip());
        }
        if (!ownerOf(written).equals(written)) {
            throw new IllegalArgumentException("the release file itself: what lies beside it goes with it");
        }
        if (isReleaseFile(written)) {
            return file(written);
        }
        String name = ProjectName.normalise(written);
        if (name == null || written.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("NAME, NAME==VERSION or the name of a release file");
        }
        return new Target.Project(name);
    }

    private static Target release(String spelledName, String version) {
        String name = ProjectName.normalise(spelledName);
        if (name == null || spelledName.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("NAME==VERSION with the name of a project, without extras");
        }
        if (!VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException("NAME==VERSION with one version, without wildcard");
        }
        return new Target.Release(name, PythonVersion.of(version));
    }

    private static Target file(String filename) {
        boolean plain = filename.charAt(0) != '.'
                && filename.chars().allMatch(c -> c > ' ' && c != '/' && c != '\\' && c != 0x7f)
                && filename.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
        if (!plain) {
            throw new IllegalArgumentException("the name of a release file, without its path or URL");
        }
        return new Target.File(filename);
    }

    /** Names of projects may end like those of files, but no file is without a dash before its version. */
    private static boolean isReleaseFile(String name) {
        return name.indexOf('-') > 0 && ReleaseFilename.hasKnownEnding(name);
    }

    /** The release file that a file lies beside, or the file itself. */
    static String ownerOf(String filename) {
        for (String ending : COMPANIONS) {
            if (filename.endsWith(ending)) {
                String owner = ownerOf(filename.substring(0, filename.length() - ending.length()));
                return isReleaseFile(owner) ? owner : filename;
            }
        }
        return filename;
    }
}
