package dev.detour.app.support;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of the access log, taken apart.
 *
 * @param line as it was written
 * @param method of the request
 * @param target of the request
 * @param status of the answer, 0 if none was sent
 * @param bytes of the answer's body
 * @param millis the exchange took
 * @param fields what follows as {@code name=value}
 */
public record AccessEntry(
        String line, String method, String target, int status, long bytes, double millis, Map<String, String> fields) {

    private static final Pattern LINE = Pattern.compile(
            "\\S+ \\S+ \"(?<method>\\S+) (?<target>.*?)\" (?<status>\\d+) (?<bytes>\\d+) (?<millis>[\\d.]+)ms (?<fields>.*)");

    static AccessEntry parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("not an access line: " + line);
        }
        Map<String, String> fields = new TreeMap<>();
        Arrays.stream(matcher.group("fields").split(" "))
                .map(field -> field.split("=", 2))
                .forEach(pair -> fields.put(pair[0], pair[1]));
        return new AccessEntry(
                line,
                matcher.group("method"),
                matcher.group("target"),
                Integer.parseInt(matcher.group("status")),
                Long.parseLong(matcher.group("bytes")),
                Double.parseDouble(matcher.group("millis")),
                fields);
    }

    /** Who answered: {@code backend}, {@code mirror}, {@code refusal}, … */
    public String source() {
        return fields.getOrDefault("source", "");
    }

    /** Why the backend did not answer, empty if it did. */
    public String reason() {
        return fields.getOrDefault("reason", "");
    }

    @Override
    public String toString() {
        return line;
    }
}
