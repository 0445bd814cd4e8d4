package dev.detour.proxy.route;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path template cut into its segments.
 *
 * @param segments in order, without the {@code **} at the end
 * @param rest whether it ends with {@code **}
 */
record Template(List<Segment> segments, boolean rest) {
    /**
     * One segment.
     *
     * @param text canonical units of a literal, or the name of a variable
     */
    record Segment(String text, boolean variable) {}

    Template {
        segments = List.copyOf(segments);
    }

    /** Reads a template; {@code route} names the place in the message of an error. */
    static Template parse(String path, String route) {
        List<Segment> segments = new ArrayList<>();
        String[] parts = path.split("/", -1);
        boolean rest = parts[parts.length - 1].equals("**");
        boolean valid = parts.length > 1 && parts[0].isEmpty();
        for (int i = 1; i < parts.length - (rest ? 1 : 0); i++) {
            String part = parts[i];
            boolean variable = part.length() > 2 && part.startsWith("{") && part.endsWith("}");
            String text = variable ? part.substring(1, part.length() - 1) : Percent.canonical(part);
            valid &= text.chars().noneMatch(c -> c == '{' || c == '}' || c == '*' || c == '?');
            segments.add(new Segment(text, variable));
        }
        if (!valid) {
            throw new IllegalArgumentException("path of route " + route + ": " + path
                    + " (expected: a path such as /docs/{page}/ or /docs/**, {name} and ** being whole segments)");
        }
        return new Template(segments, rest);
    }

    boolean has(String variable) {
        return indexOf(variable) >= 0;
    }

    /** The decoded segment of {@code target} at the place of {@code variable}, or null if there is none. */
    @Nullable String capture(String target, String variable) {
        int index = indexOf(variable);
        int end = pathEnd(target);
        int start = index < 0 ? -1 : segmentStart(target, index, end);
        if (start < 0) {
            return null;
        }
        int slash = target.indexOf('/', start);
        return Percent.decode(target, start, slash < 0 || slash > end ? end : slash);
    }

    /** The decoded part of {@code target} at the place of {@code **}; empty if the template has none. */
    String rest(String target) {
        int end = pathEnd(target);
        int start = rest ? segmentStart(target, segments.size(), end) : -1;
        return start < 0 ? "" : Percent.decode(target, start, end);
    }

    /** Where the path of a request target ends: at the {@code ?} or the end. */
    static int pathEnd(String target) {
        int question = target.indexOf('?');
        return question < 0 ? target.length() : question;
    }

    private int indexOf(String variable) {
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).variable() && segments.get(i).text().equals(variable)) {
                return i;
            }
        }
        return -1;
    }

    /** Where segment {@code index} begins, or -1 if the path has fewer. */
    private static int segmentStart(String target, int index, int end) {
        int slash = target.indexOf('/');
        for (int i = 0; i < index && slash >= 0 && slash < end; i++) {
            slash = target.indexOf('/', slash + 1);
        }
        return slash < 0 || slash >= end ? -1 : slash + 1;
    }
}
