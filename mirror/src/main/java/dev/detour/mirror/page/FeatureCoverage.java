package dev.detour.mirror.page;

import java.util.EnumMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How often the index says something, feature by feature, and how often the mirror says the same. Counts files, or pages where
 * the page carries the feature. Immutable; sums over many pages with {@link #plus}.
 *
 * @param shares for every feature
 */
public record FeatureCoverage(Map<Feature, Share> shares) {
    /**
     * A feature's count.
     *
     * @param index how many files or pages of the index carry it
     * @param mirrored how many of those carry it in the mirror too, with the same value
     */
    public record Share(long index, long mirrored) {
        static final Share NONE = new Share(0, 0);

        /** The share of what the index has that the mirror has too, 0 to 1; 1 where the index has nothing. */
        public double ratio() {
            return index == 0 ? 1 : (double) mirrored / index;
        }

        Share plus(Share other) {
            return new Share(index + other.index, mirrored + other.mirrored);
        }
    }

    /** A feature that is not given has not been counted. */
    public FeatureCoverage {
        Map<Feature, Share> all = new EnumMap<>(Feature.class);
        for (Feature feature : Feature.values()) {
            all.put(feature, shares.getOrDefault(feature, Share.NONE));
        }
        shares = Map.copyOf(all);
    }

    /** Nothing counted yet. */
    public static FeatureCoverage none() {
        return new FeatureCoverage(Map.of());
    }

    /**
     * Counts a project.
     *
     * @throws PageFormatException if 'files' of a page is no array
     */
    public static FeatureCoverage of(ObjectNode stored, ObjectNode index) {
        Map<Feature, Share> shares = new EnumMap<>(Feature.class);
        count(stored, index, false, shares);
        Map<String, JsonNode> files = PageComparison.byName(stored);
        PageComparison.byName(index).forEach((name, theirs) -> {
            if (theirs instanceof ObjectNode other) {
                ObjectNode ours = files.get(name) instanceof ObjectNode one ? one : other.objectNode();
                count(ours, other, true, shares);
            }
        });
        return new FeatureCoverage(shares);
    }

    private static void count(ObjectNode stored, ObjectNode index, boolean ofFiles, Map<Feature, Share> shares) {
        for (Feature feature : Feature.values()) {
            if (feature.isOfFiles() == ofFiles && feature.isIn(index)) {
                shares.merge(feature, new Share(1, feature.isSame(stored, index) ? 1 : 0), Share::plus);
            }
        }
    }

    /** The sum of two counts. */
    public FeatureCoverage plus(FeatureCoverage other) {
        Map<Feature, Share> sum = new EnumMap<>(shares);
        other.shares.forEach((feature, share) -> sum.merge(feature, share, Share::plus));
        return new FeatureCoverage(sum);
    }

    /** The count of a feature. */
    public Share of(Feature feature) {
        return shares.getOrDefault(feature, Share.NONE);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Feature feature : Feature.values()) {
            Share share = of(feature);
            text.append(text.isEmpty() ? "" : " ").append(feature.key());
            text.append(' ').append(share.mirrored()).append('/').append(share.index());
        }
        return text.toString();
    }
}
