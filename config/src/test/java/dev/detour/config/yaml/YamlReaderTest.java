package dev.detour.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.config.yaml.Node.Entry;
import dev.detour.config.yaml.Node.Mapping;
import dev.detour.config.yaml.Node.Nothing;
import dev.detour.config.yaml.Node.Scalar;
import dev.detour.config.yaml.Node.Sequence;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
    @Test
    void everyNodeKnowsItsLine() throws Exception {
        Node root = YamlReader.read("# comment\na: 1\nb:\n  - x\n\n  - {c: y}\nd:\n");

        assertThat(root)
                .isEqualTo(new Mapping(
                        2,
                        List.of(
                                new Entry(2, "a", new Scalar(2, "1")),
                                new Entry(
                                        3,
                                        "b",
                                        new Sequence(
                                                4,
                                                List.of(
                                                        new Scalar(4, "x"),
                                                        new Mapping(
                                                                6, List.of(new Entry(6, "c", new Scalar(6, "y"))))))),
                                new Entry(7, "d", new Nothing(7)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1_000", "0x10", "0.50", "true", "no", "2s", "50%", "\"2s\"", "'2s'"})
    void valuesAreKeptAsWritten(String written) throws Exception {
        Node root = YamlReader.read("a: " + written);

        assertThat(root)
                .isEqualTo(new Mapping(1, List.of(new Entry(1, "a", new Scalar(1, written.replaceAll("[\"']", ""))))));
    }

    @Test
    void aRepeatedKeyIsThereTwice() throws Exception {
        Node root = YamlReader.read("a: 1\na: 2");

        assertThat(root)
                .isEqualTo(new Mapping(
                        1, List.of(new Entry(1, "a", new Scalar(1, "1")), new Entry(2, "a", new Scalar(2, "2")))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment\n"})
    void aTextWithoutContentHasNoRoot(String text) throws Exception {
        assertThat(YamlReader.read(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "a: &x 1\\nb: *x              | 2 | aliases (*x) are not supported; write the value out",
                "a: 1\\nb: &x {c: d}         | 2 | anchors (&x) are not supported; write the value out",
                "b:\\n  c: *x                | 2 | aliases (*x) are not supported; write the value out",
                "b:\\n  <<: {c: d}           | 2 | merge keys (<<) are not supported; write the values out",
                "b: 1\\nc: !!str 2           | 2 | tags (tag:yaml.org,2002:str) are not supported; write the plain value",
                "b: 1\\n---\\nc: 2           | 3 | a second document starts here; the file must hold only one",
                "a: 1\\n\\tb: 2              | 2 | a tab stands where only spaces may",
                "a: 1\\n? [b]\\n: c         | 2 | a key is not a single value",
                "a: 1\\nb: @c               | 2 | found character '@' that cannot start any token.",
                "%YAML 9.1\\n---\\na: 1      | 1 | the %YAML directive names a version other than 1.2",
                "a: 1\\nb: [1, 2\\nc: 3      | 3 | expected ',' or ']', but got :",
                "a: 1\\n b: 2                | 2 | mapping values are not allowed here",
                "a: \"open                   | 1 | found unexpected end of stream",
            })
    void whatIsRefusedIsNamedWithItsLine(String text, int line, String message) {
        assertThatThrownBy(() -> YamlReader.read(text.replace("\\n", "\n").replace("\\t", "\t")))
                .isInstanceOfSatisfying(MalformedYamlException.class, e -> {
                    assertThat(e.getMessage()).isEqualTo(message);
                    assertThat(e.line()).isEqualTo(line);
                });
    }

    @Test
    void aControlCharacterIsNamedWithItsLine() {
        assertThatThrownBy(() -> YamlReader.read("a: 1\nb: \u0001"))
                .isInstanceOfSatisfying(MalformedYamlException.class, e -> {
                    assertThat(e).hasMessage("control character U+0001");
                    assertThat(e.line()).isEqualTo(2);
                });
    }

    @Test
    void aDeepDocumentIsRefusedWithoutExhaustingTheStack() {
        assertThatThrownBy(() -> YamlReader.read("[".repeat(100_000))).isInstanceOf(MalformedYamlException.class);
    }
}
