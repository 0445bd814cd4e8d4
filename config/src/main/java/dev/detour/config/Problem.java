package dev.detour.config;

/**
 * One thing wrong with a configuration file.
 *
 * @param file the file as the operator named it
 * @param line where in the file, from 1; 0 if it is about the file as a whole
 * @param path the setting, such as {@code backends.warehouse.timeouts.connect}; empty if it is about the file or its YAML
 * @param value what was found: a value in quotes, or words such as {@code missing} or {@code unknown key}
 * @param expected what would have been right
 */
public record Problem(String file, int line, String path, String value, String expected) {
    /** One line: {@code detour.yaml:12: backends.b.retry.attempts: "0" (expected: a whole number, at least 1)}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(file);
        if (line > 0) {
            out.append(':').append(line);
        }
        if (!path.isEmpty()) {
            out.append(": ").append(path);
        }
        return out.append(": ")
                .append(value)
                .append(" (expected: ")
                .append(expected)
                .append(')')
                .toString();
    }
}
