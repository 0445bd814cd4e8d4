package dev.detour.config;

import dev.detour.config.yaml.Node;
import dev.detour.config.yaml.Node.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file being read.
 *
 * @param directory what relative paths are relative to; absolute
 * @param problems where problems are written down
 */
record Source(Path directory, Problems problems) {

    /** The single value in a notation, or null after reporting that it is not. */
    <T> @Nullable T scalar(Node node, String path, Notation<T> notation) {
        if (!(node instanceof Node.Scalar scalar)) {
            wrongKind(node, path, notation.expected());
            return null;
        }
        T value = notation.parse().apply(scalar.text());
        if (value == null) {
            problems.add(node.line(), path, Problems.quoted(scalar.text()), notation.expected());
        }
        return value;
    }

    void wrongKind(Node node, String path, String expected) {
        String found = node instanceof Node.Scalar scalar ? Problems.quoted(scalar.text()) : node.kind();
        problems.add(node.line(), path, found, expected);
    }

    /** The entries of a mapping without those that repeat an earlier key, which are reported. */
    List<Entry> unique(Node.Mapping mapping, String path) {
        Map<String, Integer> seen = new LinkedHashMap<>();
        List<Entry> unique = new ArrayList<>();
        for (Entry entry : mapping.entries()) {
            Integer earlier = seen.putIfAbsent(entry.key(), entry.line());
            if (earlier == null) {
                unique.add(entry);
            } else {
                String at = path.isEmpty() ? entry.key() : path + "." + entry.key();
                problems.add(entry.line(), at, "duplicate key", "each key once; it is already in line " + earlier);
            }
        }
        return unique;
    }
}
