package dev.detour.mirror.audit;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Two Simple pages of one project, the mirror's and the index's, both JSON.
 *
 * @param identical whether they are the same bytes
 * @param differences fields that mean different things; at most {@value #MOST}
 * @param inMirror how often the mirror's page has each feature
 * @param inIndex how often the index's page has it
 */
record Comparison(
        boolean identical,
        List<Difference> differences,
        Map<Feature, Integer> inMirror,
        Map<Feature, Integer> inIndex) {
    /** Enough to see what is wrong; a page may have ten thousand files. */
    static final int MOST = 20;

    private static final int SHOWN = 80;

    /**
     * Compares them.
     *
     * @throws PageFormatException if one of them is no page
     */
    static Comparison of(byte[] mirror, byte[] index) {
        ObjectNode theirs = CanonicalJson.readObject(index);
        Map<Feature, Integer> inIndex = features(theirs);
        if (Arrays.equals(mirror, index)) {
            return new Comparison(true, List.of(), inIndex, inIndex);
        }
        ObjectNode ours = CanonicalJson.readObject(mirror);
        List<Difference> differences = new ArrayList<>();
        compareFields("", ours, theirs, differences);
        compareFiles(files(ours), files(theirs), differences);
        return new Comparison(
                false,
                List.copyOf(differences.subList(0, Math.min(MOST, differences.size()))),
                features(ours),
                inIndex);
    }

    private static Map<Feature, Integer> features(ObjectNode page) {
        Map<Feature, Integer> counts = new EnumMap<>(Feature.class);
        for (Feature feature : Feature.values()) {
            counts.put(feature, feature.count(page));
        }
        return counts;
    }

    private static Map<String, ObjectNode> files(ObjectNode page) {
        Map<String, ObjectNode> files = new LinkedHashMap<>();
        if (page.get("files") instanceof ArrayNode array) {
            for (JsonNode element : array) {
                if (element instanceof ObjectNode file) {
                    files.put(file.path("filename").asString(), file);
                }
            }
        }
        return files;
    }

    private static void compareFiles(
            Map<String, ObjectNode> ours, Map<String, ObjectNode> theirs, List<Difference> differences) {
        SortedSet<String> names = new TreeSet<>(ours.keySet());
        names.addAll(theirs.keySet());
        for (String name : names) {
            ObjectNode our = ours.get(name);
            ObjectNode their = theirs.get(name);
            if (our == null || their == null) {
                differences.add(
                        new Difference(name, "files", our == null ? null : "listed", their == null ? null : "listed"));
            } else {
                compareFields(name, our, their, differences);
            }
        }
    }

    private static void compareFields(String file, ObjectNode ours, ObjectNode theirs, List<Difference> differences) {
        SortedSet<String> keys = new TreeSet<>(ours.propertyNames());
        keys.addAll(theirs.propertyNames());
        if (file.isEmpty()) {
            keys.remove("files");
        }
        for (String key : keys) {
            JsonNode our = value(ours, key);
            JsonNode their = value(theirs, key);
            boolean different = our == null ? their != null : !same(key, our, their);
            if (different) {
                differences.add(new Difference(file, key, shown(our), shown(their)));
            }
        }
    }

    /** A key that is absent means what null means. */
    private static @Nullable JsonNode value(ObjectNode object, String key) {
        JsonNode value = object.get(key);
        return value == null || value.isNull() ? null : value;
    }

    private static boolean same(String key, JsonNode our, @Nullable JsonNode their) {
        if (their == null) {
            return false;
        }
        // the order of versions has no meaning (PEP 700)
        return (key.equals("versions") && our.isArray() && their.isArray())
                ? texts(our).equals(texts(their))
                : Arrays.equals(CanonicalJson.write(our), CanonicalJson.write(their));
    }

    private static SortedSet<String> texts(JsonNode array) {
        SortedSet<String> texts = new TreeSet<>();
        array.forEach(element -> texts.add(element.asString()));
        return texts;
    }

    private static @Nullable String shown(@Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        String text = value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
