package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.page.PageComparison.Verdict;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class GeneratedPageProperties {
    private static final URI BASE = URI.create("https://index.example.org/simple/odd-project/");

    @Provide
    Arbitrary<GeneratedPage> pages() {
        return GeneratedPage.any();
    }

    @Property(tries = 500)
    void jsonStaysAsItIsByteForByte(@ForAll("pages") GeneratedPage page) {
        assertThat(Golden.text(ProjectPage.parse(page.bytes()).json())).isEqualTo(page.json());
    }

    @Property(tries = 500)
    void shuffledPageBecomesCanonicalAgain(@ForAll("pages") GeneratedPage page, @ForAll Random random) {
        ObjectNode root = CanonicalJson.readObject(page.bytes());
        shuffle(root, random);

        assertThat(Golden.text(new ProjectPage(root).json())).isEqualTo(page.json());
    }

    @Property(tries = 500)
    void whatHtmlCanSayIsReadBackFromIt(@ForAll("pages") GeneratedPage page) {
        byte[] html = ProjectPage.parse(page.bytes()).html();

        ProjectPage read = new ProjectPage(HtmlPage.read(html, GeneratedPage.PROJECT, BASE));

        assertThat(Golden.text(read.json())).isEqualTo(page.jsonInHtml());
    }

    @Property(tries = 300)
    void comparisonFindsExactlyTheFieldThatChanged(
            @ForAll("pages") GeneratedPage page, @ForAll @IntRange(min = 0, max = 1000) int place) {
        ObjectNode changed = CanonicalJson.readObject(page.bytes());
        List<Place> places = places(changed);
        Place chosen = places.get(place % places.size());
        chosen.owner().put(chosen.key(), "changed by the test");

        PageComparison comparison = PageComparison.of(CanonicalJson.write(changed), page.bytes());

        assertThat(comparison.verdict()).isEqualTo(Verdict.DIFFERENT);
        assertThat(comparison.differences()).singleElement().satisfies(difference -> {
            assertThat(difference.file()).isEqualTo(chosen.file());
            assertThat(difference.field()).isEqualTo(chosen.field());
            assertThat(difference.stored()).isEqualTo("\"changed by the test\"");
        });
    }

    @Property(tries = 300)
    void shuffledPageIsEquivalent(@ForAll("pages") GeneratedPage page, @ForAll Random random) {
        byte[] plain = new GeneratedPage(page.files(), page.status(), "").bytes();
        ObjectNode root = CanonicalJson.readObject(plain);
        shuffle(root, random);
        byte[] shuffled = root.toPrettyString().getBytes(StandardCharsets.UTF_8);

        PageComparison comparison = PageComparison.of(shuffled, plain);

        assertThat(comparison.verdict()).isEqualTo(Verdict.EQUIVALENT);
        assertThat(comparison.differences()).isEmpty();
    }

    @Property(tries = 300)
    void coverageOfAPageByItselfIsWhole(@ForAll("pages") GeneratedPage page) {
        FeatureCoverage coverage = PageComparison.of(page.bytes(), page.bytes()).coverage();

        for (Feature feature : Feature.values()) {
            assertThat(coverage.of(feature).ratio()).isEqualTo(1);
        }
    }

    /** A field that can be changed, and what a report calls it. */
    private record Place(ObjectNode owner, String file, String key, String field) {}

    private static List<Place> places(ObjectNode page) {
        List<Place> places = new ArrayList<>();
        page.propertyNames().stream()
                .filter(key -> !key.equals("files"))
                .forEach(key -> places.add(new Place(page, "", key, key)));
        ObjectNode meta = (ObjectNode) page.required("meta");
        meta.propertyNames().forEach(key -> places.add(new Place(meta, "", key, "meta." + key)));
        for (JsonNode element : page.required("files")) {
            ObjectNode file = (ObjectNode) element;
            String name = file.required("filename").stringValue();
            file.propertyNames().stream()
                    .filter(key -> !key.equals("filename"))
                    .forEach(key -> places.add(new Place(file, name, key, key)));
            ObjectNode hashes = (ObjectNode) file.required("hashes");
            places.add(new Place(hashes, name, "sha256", "hashes.sha256"));
        }
        return places;
    }

    /** Other orders of files, versions and keys, all of the same meaning. */
    private static void shuffle(ObjectNode root, Random random) {
        for (String key : List.of("files", "versions")) {
            ArrayNode array = (ArrayNode) root.required(key);
            List<JsonNode> elements = new ArrayList<>(array.valueStream().toList());
            Collections.shuffle(elements, random);
            array.removeAll().addAll(elements);
        }
        List<String> keys = new ArrayList<>(root.propertyNames());
        Collections.shuffle(keys, random);
        keys.forEach(key -> root.set(key, root.remove(key)));
    }
}
