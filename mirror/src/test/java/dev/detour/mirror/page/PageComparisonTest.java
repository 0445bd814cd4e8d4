package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.mirror.page.PageComparison.Verdict;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class PageComparisonTest {
    private static final byte[] INDEX = Golden.bytes("yanked.json");

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] page(String rest) {
        return bytes("{\"files\":[{\"filename\":\"f\",\"url\":\"u\",\"hashes\":{}" + rest + "}]}");
    }

    private static ObjectNode index() {
        return CanonicalJson.readObject(INDEX);
    }

    private static ArrayNode files(ObjectNode page) {
        return (ArrayNode) page.required("files");
    }

    @Test
    void sameBytesAreIdentical() {
        assertThat(PageComparison.of(INDEX, INDEX.clone()).verdict()).isEqualTo(Verdict.IDENTICAL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ",\"requires-python\":null",
                ",\"yanked\":false",
                ",\"core-metadata\":false,\"data-dist-info-metadata\":false",
                ",\"provenance\":null,\"gpg-sig\":false,\"x-future\":null"
            })
    void keyThatSaysNothingIsAsGoodAsNone(String said) {
        assertThat(PageComparison.of(page(said), page("")).verdict()).isEqualTo(Verdict.EQUIVALENT);
        assertThat(PageComparison.of(page(""), page(said)).verdict()).isEqualTo(Verdict.EQUIVALENT);
    }

    @Test
    void noStatusIsTheStatusActive() {
        ObjectNode stored = index();
        stored.remove("project-status");

        assertThat(PageComparison.of(CanonicalJson.write(stored), INDEX).verdict())
                .isEqualTo(Verdict.EQUIVALENT);
    }

    @Test
    void lostReasonIsReportedWithBothValues() {
        ObjectNode stored = index();
        ((ObjectNode) files(stored).required(1)).put("yanked", true);

        assertThat(PageComparison.of(CanonicalJson.write(stored), INDEX).differences())
                .singleElement()
                .hasToString("'yanked' of yanked-1.1-py3-none-any.whl is true (index: \"broken on Ünïcode päths,"
                        + " 修正版をご利用ください\")");
    }

    @Test
    void longValuesAreCut() {
        Difference difference = PageComparison.of(page(",\"yanked\":\"" + "x".repeat(500) + "\""), page(""))
                .differences()
                .get(0);

        assertThat(difference.stored()).hasSize(61).endsWith("x…");
        assertThat(difference.index()).isEqualTo("missing");
    }

    @Test
    void filesOfOneSideOnlyAreReported() {
        ObjectNode stored = index();
        ((ObjectNode) files(stored).required(0)).put("filename", "yanked-0.9.tar.gz");

        assertThat(PageComparison.of(CanonicalJson.write(stored), INDEX).differences())
                .extracting(Difference::file, Difference::field, d -> d.stored().equals("missing"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("yanked-0.9.tar.gz", "file", false),
                        org.assertj.core.groups.Tuple.tuple("yanked-1.0-py3-none-any.whl", "file", true));
    }

    @Test
    void secondFileOfANameDoesNotHide() {
        ObjectNode stored = index();
        files(stored).add(files(stored).required(0).deepCopy());

        assertThat(PageComparison.of(CanonicalJson.write(stored), INDEX).differences())
                .singleElement()
                .extracting(Difference::file)
                .isEqualTo("yanked-1.0-py3-none-any.whl (2)");
    }

    @Test
    void olderSerialIsADifference() {
        ObjectNode stored = index();
        ((ObjectNode) stored.required("meta")).put("_last-serial", 8);

        assertThat(PageComparison.of(CanonicalJson.write(stored), INDEX).differences())
                .singleElement()
                .hasToString("'meta._last-serial' is 8 (index: 9)");
    }

    @Test
    void messageSaysWhichPageIsNone() {
        assertThatThrownBy(() -> PageComparison.of(bytes("{"), INDEX))
                .hasMessageStartingWith("the stored page: not JSON");
        assertThatThrownBy(() -> PageComparison.of(INDEX, bytes("{}")))
                .hasMessage("the index's page: 'files' is missing (expected: an array)");
    }

    @Test
    void coverageIsTheShareOfWhatTheIndexHas() {
        ObjectNode stored = index();
        ((ObjectNode) files(stored).required(1)).put("yanked", true);
        files(stored).remove(2);
        stored.remove("versions");

        FeatureCoverage coverage =
                PageComparison.of(CanonicalJson.write(stored), INDEX).coverage();

        assertThat(coverage)
                .hasToString("hashes 2/3 requires-python 2/3 yanked 1/2 core-metadata 2/3 size 2/3 upload-time 2/3"
                        + " provenance 0/0 project-status 1/1 versions 0/1");
        assertThat(coverage.of(Feature.YANKED).ratio()).isEqualTo(0.5);
        assertThat(coverage.of(Feature.PROVENANCE).ratio()).isEqualTo(1);
    }

    @Test
    void coverageSumsUp() {
        FeatureCoverage one = PageComparison.of(INDEX, INDEX).coverage();

        FeatureCoverage sum = FeatureCoverage.none().plus(one).plus(one);

        assertThat(sum.of(Feature.SIZE).index()).isEqualTo(6);
        assertThat(sum.of(Feature.VERSIONS).mirrored()).isEqualTo(2);
    }
}
