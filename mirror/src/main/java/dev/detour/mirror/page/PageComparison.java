package dev.detour.mirror.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a stored page and the index's page of the same project have in common.
 *
 * @param verdict the answer in one word
 * @param differences what differs, the page's own fields first, then by file; empty unless the verdict is different
 * @param coverage how much of what the index says is in the stored page too
 */
public record PageComparison(Verdict verdict, List<Difference> differences, FeatureCoverage coverage) {
    /** How alike two pages are. */
    public enum Verdict {
        /** The same bytes. */
        IDENTICAL,

        /**
         * Other bytes of the same meaning: another order of keys, files or versions, other white space, a key that is absent
         * on one side and on the other has the value that clients take for absent.
         */
        EQUIVALENT,

        /** At least one field differs in meaning. */
        DIFFERENT
    }

    private static final Set<String> FLAGS = Set.of("yanked", "core-metadata", "data-dist-info-metadata", "gpg-sig");
    private static final String ACTIVE = "active";

    public PageComparison {
        differences = List.copyOf(differences);
    }

    /**
     * Compares two pages in JSON.
     *
     * @throws PageFormatException if one of them is none; the message says which
     */
    public static PageComparison of(byte[] stored, byte[] index) {
        ObjectNode theirs = read(index, "the index's page");
        if (Arrays.equals(stored, index)) {
            return new PageComparison(Verdict.IDENTICAL, List.of(), FeatureCoverage.of(theirs, theirs));
        }
        ObjectNode ours = read(stored, "the stored page");
        List<Difference> differences = new ArrayList<>();
        compare("", "", ours, theirs, differences);
        compareFiles(byName(ours), byName(theirs), differences);
        return new PageComparison(
                differences.isEmpty() ? Verdict.EQUIVALENT : Verdict.DIFFERENT,
                differences,
                FeatureCoverage.of(ours, theirs));
    }

    private static ObjectNode read(byte[] json, String which) {
        try {
            ObjectNode page = CanonicalJson.readObject(json);
            PageMeta.array(page, "files");
            return page;
        } catch (PageFormatException e) {
            throw new PageFormatException(which + ": " + e.getMessage(), e);
        }
    }

    private static void compareFiles(
            Map<String, JsonNode> stored, Map<String, JsonNode> index, List<Difference> differences) {
        Set<String> names = new TreeSet<>(CanonicalJson.CODE_POINTS);
        names.addAll(stored.keySet());
        names.addAll(index.keySet());
        for (String name : names) {
            JsonNode ours = stored.get(name);
            JsonNode theirs = index.get(name);
            if (ours instanceof ObjectNode one && theirs instanceof ObjectNode other) {
                compare(name, "", one, other, differences);
            } else if (ours == null || !ours.equals(theirs)) {
                differences.add(new Difference(name, "file", PageMeta.shown(ours), PageMeta.shown(theirs)));
            }
        }
    }

    /** A second file of the same name has a number behind it: it is not on a good page, but must not hide. */
    static Map<String, JsonNode> byName(ObjectNode page) {
        Map<String, JsonNode> files = new LinkedHashMap<>();
        for (JsonNode file : PageMeta.array(page, "files")) {
            String name =
                    file.path("filename").isString() ? file.path("filename").stringValue() : "";
            String key = name;
            for (int number = 2; files.putIfAbsent(key, file) != null; number++) {
                key = name + " (" + number + ")";
            }
        }
        return files;
    }

    /** Objects are compared key by key, so that the report names the smallest part that differs. */
    private static void compare(
            String file, String path, ObjectNode stored, ObjectNode index, List<Difference> differences) {
        Set<String> keys = new TreeSet<>(CanonicalJson.CODE_POINTS);
        keys.addAll(stored.propertyNames());
        keys.addAll(index.propertyNames());
        if (file.isEmpty() && path.isEmpty()) {
            keys.remove("files");
        }
        for (String key : keys) {
            JsonNode ours = stored.get(key);
            JsonNode theirs = index.get(key);
            String field = path + key;
            if (ours instanceof ObjectNode one && theirs instanceof ObjectNode other) {
                compare(file, field + ".", one, other, differences);
            } else if (!same(file, field, ours, theirs)) {
                differences.add(new Difference(file, field, PageMeta.shown(ours), PageMeta.shown(theirs)));
            }
        }
    }

    static boolean same(String file, String field, @Nullable JsonNode stored, @Nullable JsonNode index) {
        JsonNode ours = meaning(file, field, stored);
        JsonNode theirs = meaning(file, field, index);
        if (ours == null || theirs == null) {
            return ours == null && theirs == null;
        }
        return ours.equals(theirs) || (file.isEmpty() && field.equals("versions") && sameSet(ours, theirs));
    }

    /** The value, or null where clients take it for absent. */
    private static @Nullable JsonNode meaning(String file, String field, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        boolean flag = !file.isEmpty() && FLAGS.contains(field);
        if (flag && value.isBoolean() && !value.booleanValue()) {
            return null;
        }
        // PEP 792: no status is the status 'active'
        boolean active = file.isEmpty()
                && field.equals("project-status")
                && value.size() == 1
                && value.path("status").isString()
                && value.path("status").stringValue().equals(ACTIVE);
        return active ? null : value;
    }

    private static boolean sameSet(JsonNode one, JsonNode other) {
        return one instanceof ArrayNode
                && other instanceof ArrayNode
                && one.size() == other.size()
                && new HashSet<>(one.valueStream().toList())
                        .equals(new HashSet<>(other.valueStream().toList()));
    }
}
