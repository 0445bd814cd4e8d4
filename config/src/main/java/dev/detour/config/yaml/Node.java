package dev.detour.config.yaml;

import java.util.List;

/** A piece of a YAML document, with the line it starts on (counted from 1). */
public sealed interface Node {
    /** The line it starts on, from 1. */
    int line();

    /** What it is in words, for messages. */
    String kind();

    /**
     * One value, as it was written; what it means is for the reader of the tree to say.
     *
     * @param text the value without its quotes
     */
    record Scalar(int line, String text) implements Node {
        @Override
        public String kind() {
            return "a single value";
        }
    }

    /** A key with nothing behind it, or an explicit {@code null}. */
    record Nothing(int line) implements Node {
        @Override
        public String kind() {
            return "nothing";
        }
    }

    /** A list. */
    record Sequence(int line, List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A mapping in file order; a key written twice is there twice. */
    record Mapping(int line, List<Entry> entries) implements Node {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /** One key of a mapping, the line of the key, and its value. */
    record Entry(int line, String key, Node value) {}
}
