package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class HtmlListTest {
    private static List<String> names(String html) {
        return HtmlList.names(html.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void goldenListGivesDisplayNamesAndVersion() {
        List<String> projects = new ArrayList<>();
        List<String> entries = new ArrayList<>();

        ObjectNode head = HtmlList.read(Golden.bytes("index.html"), (project, serial, json) -> {
            projects.add(project);
            entries.add(json);
        });

        assertThat(head).hasToString("{\"meta\":{\"api-version\":\"1.4\"}}");
        assertThat(projects)
                .containsExactly(
                        "0-0", "a", "everything", "flask", "plain", "ver-sion-order", "yanked", "zope-interface");
        assertThat(entries).contains("{\"name\":\"Ver.Sion_Order\"}");
    }

    @Test
    void listsOfOtherIndexesAreRead() {
        assertThat(
                        names(
                                "<html><head><title>root/dev: simple list (including inherited indices)</title></head><body>"
                                        + "<h1>root/dev: simple list</h1><a href=\"b/\">b</a><br/><a href=A>A</a><a href=A>a</a></body></html>"))
                .containsExactly("b", "A");
    }

    @Test
    void listWithoutTitleIsKnownByItsLinks() {
        assertThat(names("<html><body><a href='/simple/Frob/?x#y'>frob</a></body></html>"))
                .containsExactly("frob");
    }

    @Test
    void linksThatAreNoProjectsArePassedOver() {
        assertThat(names("<html><title>Simple index</title><a href=/about>About us</a><a href=/x/>home</a>"
                        + "<a href=/simple/ok/>ok</a></html>"))
                .containsExactly("ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html><title>Simple index</title><a href=a/>a</a>",
                "<html><title>Simple index</title></html>",
                "<html><title>503 Service Unavailable</title><a href=/status>status</a></html>",
                "<html><title>Sign in to the index</title><a href=/help>help</a></html>",
                "<html><a href=/a/>a</a><a href=/b/>Read more</a></html>",
                "<html><meta name=pypi:repository-version content=2.0><a href=/a/>a</a></html>"
            })
    void whatIsNoListIsRefused(String html) {
        assertThatThrownBy(() -> names(html)).isInstanceOf(PageFormatException.class);
    }
}
