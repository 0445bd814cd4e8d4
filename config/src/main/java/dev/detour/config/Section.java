package dev.detour.config;

import dev.detour.config.yaml.Node;
import dev.detour.config.yaml.Node.Entry;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of the file being read: it hands out the values of its keys and writes down what is wrong with them.
 *
 * <p>A value that cannot be read is reported and then read as its default, or as null, so that reading goes on and finds
 * every problem. Nothing made from such values leaves the loader.
 */
final class Section {
    private final Source source;
    private final String path;
    private final Map<String, Setting> known;
    private final String pattern;
    private final int line;
    private final boolean broken;
    private final @Nullable String alone;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * @param path where it stands in this file, for messages
     * @param pattern where it stands in the list of settings
     */
    Section(Source source, String path, String pattern, Node node) {
        this(source, path, pattern, node, null);
    }

    /** With {@code alone}, the key whose value was written in place of the mapping, and so stands where that would. */
    private Section(Source source, String path, String pattern, Node node, @Nullable String alone) {
        this.alone = alone;
        this.source = source;
        this.path = path;
        this.pattern = pattern;
        this.known = Setting.in(pattern);
        this.line = node.line();
        this.broken = !(node instanceof Node.Mapping);
        if (node instanceof Node.Mapping mapping) {
            index(mapping);
        } else {
            source.wrongKind(node, path, "a mapping with " + String.join(", ", known.keySet()));
        }
    }

    private void index(Node.Mapping mapping) {
        for (Entry entry : source.unique(mapping, path)) {
            if (known.containsKey(entry.key())) {
                entries.put(entry.key(), entry);
            } else {
                source.problems()
                        .add(
                                entry.line(),
                                path(entry.key()),
                                "unknown key",
                                Suggestion.of(entry.key(), known.keySet()));
            }
        }
    }

    Problems problems() {
        return source.problems();
    }

    String path() {
        return path;
    }

    /** The line of a key, or of the section if the key is absent. */
    int line(String key) {
        Entry entry = entries.get(key);
        return entry == null ? line : entry.value().line();
    }

    String path(String key) {
        if (key.equals(alone)) {
            return path;
        }
        return path.isEmpty() ? key : path + "." + key;
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Whether the key holds an empty list or an empty mapping. */
    boolean isEmpty(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return false;
        }
        boolean emptyList =
                entry.value() instanceof Node.Sequence list && list.items().isEmpty();
        boolean emptyMapping = entry.value() instanceof Node.Mapping mapping
                && mapping.entries().isEmpty();
        return emptyList || emptyMapping;
    }

    void problem(String key, String value, String expected) {
        source.problems().add(line(key), path(key), value, expected);
    }

    /** Reports that a key is missing, unless the section is no mapping, which says it all. */
    void missing(String key, String expected) {
        if (!broken) {
            source.problems().add(line, path(key), "missing", expected);
        }
    }

    /** The value of the key, or null if it is absent; absence of a required one is reported. */
    @Nullable Node node(String key, String expected) {
        Setting setting = Objects.requireNonNull(known.get(key), key);
        Entry entry = entries.get(key);
        if (entry == null && setting.fallback().equals(Setting.REQUIRED)) {
            missing(key, expected);
        }
        return entry == null ? null : entry.value();
    }

    /** The value of a key, or its default, or null if it has neither or cannot be read. */
    <T> @Nullable T find(String key, Notation<T> notation) {
        Node node = node(key, notation.expected());
        T read = node == null ? null : source.scalar(node, path(key), notation);
        return read == null ? fallback(key, notation) : read;
    }

    private <T> @Nullable T fallback(String key, Notation<T> notation) {
        String fallback = Objects.requireNonNull(known.get(key)).fallback();
        boolean none = fallback.equals(Setting.REQUIRED) || fallback.equals(Setting.NONE);
        return none ? null : notation.parse().apply(fallback);
    }

    /** The value of a key that is required or has a default; {@code broken} stands in for one that cannot be read. */
    <T> T get(String key, Notation<T> notation, T broken) {
        T read = find(key, notation);
        return read == null ? broken : read;
    }

    /** The value of a key that has a default. */
    <T> T get(String key, Notation<T> notation) {
        return Objects.requireNonNull(find(key, notation), key);
    }

    /** A duration that has a default; one below {@code least} is reported. */
    Duration duration(String key, Duration least) {
        Duration duration = get(key, Notation.DURATION);
        if (duration.compareTo(least) < 0) {
            problem(key, Problems.quoted(Units.format(duration)), "at least " + Units.format(least));
        }
        return duration;
    }

    /**
     * Which of {@code keys}, exactly one of which is wanted, are there. That there are several is reported; that there is none is
     * for the caller, who knows what to say.
     *
     * @param expected such as "exactly one of tree, url and store"
     */
    List<String> alternatives(List<String> keys, String expected) {
        List<String> present = keys.stream().filter(this::has).toList();
        present.stream().skip(1).forEach(key -> problem(key, "beside " + present.get(0), expected));
        return present;
    }

    /** A path, made absolute; the default, if any, too. */
    @Nullable Path file(String key, String expected) {
        return find(key, new Notation<>(expected, this::resolve));
    }

    /** The paths of a list, made absolute. */
    List<Path> files(String key, String expected) {
        return values(key, expected, new Notation<>(expected, this::resolve));
    }

    private @Nullable Path resolve(String text) {
        try {
            return text.isBlank() ? null : source.directory().resolve(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** The section under a key, or null if it is absent. */
    @Nullable Section child(String key) {
        Node node = node(key, "a mapping");
        return node == null ? null : new Section(source, path(key), child(pattern, key), node);
    }

    /** The section under a key, or an empty one in which every key has its default. */
    Section childOrEmpty(String key) {
        Section child = child(key);
        return child == null
                ? new Section(source, path(key), child(pattern, key), new Node.Mapping(line, List.of()))
                : child;
    }

    private static String child(String pattern, String key) {
        return pattern.isEmpty() ? key : pattern + "." + key;
    }

    /** The items of a list, empty if it is absent or no list. */
    List<Node> items(String key, String expected) {
        Node node = node(key, expected);
        if (node instanceof Node.Sequence sequence) {
            return sequence.items();
        }
        if (node != null) {
            source.wrongKind(node, path(key), expected);
        }
        return List.of();
    }

    /**
     * The items of a list of single values; those that cannot be read are reported and left out. A default is the only
     * item of a list that is absent.
     */
    <T> List<T> values(String key, String expected, Notation<T> notation) {
        List<T> values = new ArrayList<>();
        if (!has(key)) {
            T fallback = fallback(key, notation);
            if (fallback != null) {
                return List.of(fallback);
            }
        }
        int index = 0;
        for (Node item : items(key, expected)) {
            T value = source.scalar(item, path(key) + "[" + index++ + "]", notation);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /** The sections of a list. */
    List<Section> sections(String key, String expected) {
        List<Section> sections = new ArrayList<>();
        for (Node item : items(key, expected)) {
            sections.add(item(key, sections.size(), item, null));
        }
        return sections;
    }

    /** The sections of a list in which a single value is short for a mapping with nothing but that value. */
    List<Section> sections(String key, String expected, String alone) {
        List<Section> sections = new ArrayList<>();
        for (Node item : items(key, expected)) {
            Node whole = item instanceof Node.Scalar
                    ? new Node.Mapping(item.line(), List.of(new Entry(item.line(), alone, item)))
                    : item;
            sections.add(item(key, sections.size(), whole, whole == item ? null : alone));
        }
        return sections;
    }

    private Section item(String key, int index, Node node, @Nullable String alone) {
        return new Section(source, path(key) + "[" + index + "]", child(pattern, key) + "[]", node, alone);
    }

    /** The entries of a mapping whose keys are the operator's own, empty if it is absent. */
    List<Entry> entries(String key, String expected) {
        Node node = node(key, expected);
        if (node instanceof Node.Mapping mapping) {
            return source.unique(mapping, path(key));
        }
        if (node != null) {
            source.wrongKind(node, path(key), expected);
        }
        return List.of();
    }

    /** The sections of a mapping by name; names that are none are reported. */
    Map<String, Section> named(String key, String expected) {
        Map<String, Section> sections = new LinkedHashMap<>();
        for (Entry entry : entries(key, expected)) {
            String at = path(key) + "." + entry.key();
            if (Notation.NAME.parse().apply(entry.key()) == null) {
                source.problems().add(entry.line(), path(key), Problems.quoted(entry.key()), Notation.NAME.expected());
            }
            sections.put(entry.key(), new Section(source, at, child(pattern, key) + ".<name>", entry.value()));
        }
        return sections;
    }

    /** Single values by the operator's own keys. */
    Map<String, String> texts(String key, String expected, Notation<String> notation) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Entry entry : entries(key, expected)) {
            String value = source.scalar(entry.value(), path(key) + "." + entry.key(), notation);
            if (value != null) {
                texts.put(entry.key(), value);
            }
        }
        return texts;
    }
}
