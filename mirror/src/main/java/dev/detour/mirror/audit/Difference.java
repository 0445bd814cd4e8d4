package dev.detour.mirror.audit;

import org.jspecify.annotations.Nullable;

/**
 * A field of a page that the mirror and the index give differently.
 *
 * @param file the file's name, or "" for a field of the page
 * @param field its key; "files" where one side lacks the file as a whole
 * @param mirror what the mirror has, shortened; null for nothing
 * @param index what the index has, shortened; null for nothing
 */
public record Difference(
        String file,
        String field,
        @Nullable String mirror,
        @Nullable String index) {
    @Override
    public String toString() {
        return field + (file.isEmpty() ? "" : " of " + file) + " is " + (mirror == null ? "missing" : mirror)
                + " (the index: " + (index == null ? "nothing" : index) + ")";
    }
}
