package dev.detour.mirror.page;

/**
 * Something on a page that must not be taken into a mirror.
 *
 * @param file the file's name, or "" for the page itself
 * @param field what is wrong, dotted: {@code meta.api-version}
 * @param found the value as JSON, cut to be shown; "missing" if there is none
 * @param expected in words
 */
public record Problem(String file, String field, String found, String expected) {
    /** The problem in one sentence, for logs and reports. */
    @Override
    public String toString() {
        return "'" + field + "'" + (file.isEmpty() ? "" : " of " + file) + " is " + found + " (expected: " + expected
                + ")";
    }
}
