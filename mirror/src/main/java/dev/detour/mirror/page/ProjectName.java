package dev.detour.mirror.page;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of a project: its valid spellings and its one normalised form (PEP 503, PEP 508). */
public final class ProjectName {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?");

    private ProjectName() {}

    /** The normalised form, or null if no project can have this name. A normalised name holds {@code [a-z0-9-]} only. */
    public static @Nullable String normalise(String spelled) {
        return VALID.matcher(spelled).matches() ? fold(spelled) : null;
    }

    /** Folds case and separators without asking whether the name is valid: for comparing, not for paths. */
    static String fold(String spelled) {
        StringBuilder folded = new StringBuilder(spelled.length());
        boolean separator = false;
        for (int i = 0; i < spelled.length(); i++) {
            char c = spelled.charAt(i);
            if (c == '-' || c == '_' || c == '.') {
                separator = true;
                continue;
            }
            if (separator) {
                folded.append('-');
                separator = false;
            }
            folded.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
        }
        return separator ? folded.append('-').toString() : folded.toString();
    }
}
