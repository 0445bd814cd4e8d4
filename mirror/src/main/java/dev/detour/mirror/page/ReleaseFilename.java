package dev.detour.mirror.page;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the name of a release file says about its version. */
public final class ReleaseFilename {
    private static final List<String> ENDINGS = List.of(
            ".tar.gz",
            ".tar.bz2",
            ".tar.xz",
            ".tar.z",
            ".tar.lzma",
            ".tgz",
            ".tbz2",
            ".tbz",
            ".tar",
            ".zip",
            ".exe",
            ".msi",
            ".rpm",
            ".deb",
            ".dmg");

    // bdist_wininst, bdist_dumb and bdist_rpm append platform and Python after the version
    private static final Pattern BEFORE_PLATFORM = Pattern.compile(
            "(.+?)[.-](?:linux|macosx|darwin|win32|win-|cygwin|freebsd|noarch|src$|x86_64|i[3-6]86|amd64|py[0-9]).*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern FIRST_DIGIT_AFTER_DASH = Pattern.compile("-(?=[0-9])");

    private ReleaseFilename() {}

    /**
     * The version a file belongs to.
     *
     * @param project normalised project name: old source archives have dashes in name and version, only the name tells them apart
     * @param known versions of the project, which settle what an old platform suffix leaves open; may be empty
     * @return the text that stands for the version; empty if there is none
     */
    public static String versionOf(String filename, String project, Collection<String> known) {
        String lower = filename.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".whl") || lower.endsWith(".egg")) {
            String rest = afterName(filename.substring(0, filename.length() - 4), project);
            int dash = rest.indexOf('-');
            // dashes of a version are written as underscores there
            return (dash < 0 ? rest : rest.substring(0, dash)).replace('_', '-');
        }
        String rest = afterName(withoutEnding(filename, lower), project);
        if (!PythonVersion.of(rest).isLegacy()) {
            return rest;
        }
        String prefix = longestPrefix(rest, known);
        if (prefix != null) {
            return prefix;
        }
        Matcher platform = BEFORE_PLATFORM.matcher(rest);
        return platform.matches() ? platform.group(1) : rest;
    }

    /** Whether a name ends as release files do. */
    public static boolean hasKnownEnding(String filename) {
        String lower = filename.toLowerCase(Locale.ROOT);
        return lower.endsWith(".whl")
                || lower.endsWith(".egg")
                || ENDINGS.stream().anyMatch(lower::endsWith);
    }

    /**
     * Whether a file can be of a project. Sure for wheels, whose name ends at the first dash; of other files the project's
     * name must be the beginning, which another project's longer name may have too.
     *
     * @param project normalised
     */
    static boolean mayBelongTo(String filename, String project) {
        if (filename.toLowerCase(Locale.ROOT).endsWith(".whl")) {
            int dash = filename.indexOf('-');
            return dash > 0 && ProjectName.fold(filename.substring(0, dash)).equals(project);
        }
        String folded = ProjectName.fold(filename);
        return folded.startsWith(project)
                && (folded.length() == project.length() || folded.charAt(project.length()) == '-');
    }

    private static String withoutEnding(String filename, String lower) {
        for (String ending : ENDINGS) {
            if (lower.endsWith(ending)) {
                return filename.substring(0, filename.length() - ending.length());
            }
        }
        return filename;
    }

    private static String afterName(String stem, String project) {
        for (int dash = stem.indexOf('-'); dash >= 0; dash = stem.indexOf('-', dash + 1)) {
            if (ProjectName.fold(stem.substring(0, dash)).equals(project)) {
                return stem.substring(dash + 1);
            }
        }
        Matcher digit = FIRST_DIGIT_AFTER_DASH.matcher(stem);
        return digit.find() ? stem.substring(digit.end()) : "";
    }

    private static @Nullable String longestPrefix(String rest, Collection<String> known) {
        String longest = null;
        for (String version : known) {
            boolean ends = rest.length() == version.length()
                    || (rest.length() > version.length() && ".-_".indexOf(rest.charAt(version.length())) >= 0);
            if (ends && rest.startsWith(version) && (longest == null || version.length() > longest.length())) {
                longest = version;
            }
        }
        return longest;
    }
}
