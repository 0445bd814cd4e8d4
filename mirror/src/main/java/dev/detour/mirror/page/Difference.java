package dev.detour.mirror.page;

/**
 * A field in which a stored page differs from the index's.
 *
 * @param file the file's name, or "" for the page itself
 * @param field what differs, dotted: {@code project-status.status}; {@code file} if one side lacks the whole file
 * @param stored the stored value as JSON, cut to be shown; "missing" if there is none
 * @param index the index's value, likewise
 */
public record Difference(String file, String field, String stored, String index) {
    /** The difference in one sentence, for logs and reports. */
    @Override
    public String toString() {
        return "'" + field + "'" + (file.isEmpty() ? "" : " of " + file) + " is " + stored + " (index: " + index + ")";
    }
}
