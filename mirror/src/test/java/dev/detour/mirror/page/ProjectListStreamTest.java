package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class ProjectListStreamTest {
    private static final byte[] INDEX = Golden.bytes("index.json");

    private static ObjectNode read(byte[] json, ProjectListReader.Projects projects) {
        return ProjectListReader.read(new ByteArrayInputStream(json), projects);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** What is read goes straight to a writer; its head has to be known before. */
    private static String rewritten(ProjectListWriter writer, StringWriter out) throws IOException {
        read(INDEX, (project, serial, json) -> {
            try {
                writer.add(project, json);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.end();
        return out.toString();
    }

    @Test
    void goldenListIsReadAndWrittenProjectByProject() throws Exception {
        ObjectNode head = read(INDEX, (project, serial, json) -> {});
        StringWriter json = new StringWriter();
        StringWriter html = new StringWriter();

        assertThat(rewritten(ProjectListWriter.json(json, head), json)).isEqualTo(Golden.text(INDEX));
        assertThat(rewritten(ProjectListWriter.html(html, head), html))
                .isEqualTo(Golden.text(Golden.bytes("index.html")));
    }

    @Test
    void nameSerialAndEntryAreHandedOver() {
        List<String> seen = new ArrayList<>();

        ObjectNode head = read(
                bytes(
                        "{\"projects\":[ {\"name\":\"Zope.Interface\", \"_last-serial\": 7, \"x\":[1.50]},{\"name\":\"b\"},"
                                + "{\"name\":\"no name\"}],\"meta\":{\"api-version\":\"1.4\"}}"),
                (project, serial, json) -> seen.add(project + " " + serial + " " + json));

        assertThat(head).hasToString("{\"meta\":{\"api-version\":\"1.4\"}}");
        assertThat(seen)
                .containsExactly(
                        "zope-interface " + OptionalLong.of(7)
                                + " {\"_last-serial\":7,\"name\":\"Zope.Interface\",\"x\":[1.50]}",
                        "b " + OptionalLong.empty() + " {\"name\":\"b\"}");
    }

    @Test
    void listCutOffAnywhereIsRefused() {
        // the last byte is the final newline
        for (int length = 0; length < INDEX.length - 1; length++) {
            byte[] cut = Arrays.copyOf(INDEX, length);

            assertThatThrownBy(() -> read(cut, (project, serial, json) -> {})).isInstanceOf(PageFormatException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"projects\":{}}",
                "{\"projects\":[1]}",
                "{\"projects\":[{}]}",
                "{\"projects\":[],\"projects\":[]}",
                "{\"projects\":[]}{}",
                "{\"meta\":{\"api-version\":\"2.0\"},\"projects\":[]}",
                "<html></html>"
            })
    void whatIsNoListIsRefused(String json) {
        assertThatThrownBy(() -> read(bytes(json), (project, serial, entry) -> {}))
                .isInstanceOf(PageFormatException.class);
    }
}
