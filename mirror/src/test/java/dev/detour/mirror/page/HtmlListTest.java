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
    private static List<ListedProject> projects(String html) {
        List<ListedProject> projects = new ArrayList<>();
        HtmlList.each(html.getBytes(StandardCharsets.UTF_8), projects::add);
        return projects;
    }

    @Test
    void goldenListGivesDisplayNamesAndVersion() {
        List<ListedProject> projects = new ArrayList<>();

        ObjectNode head = HtmlList.each(Golden.bytes("index.html"), projects::add);

        assertThat(head).hasToString("{\"meta\":{\"api-version\":\"1.4\"}}");
        assertThat(projects)
                .extracting(ListedProject::project)
                .containsExactly(
                        "0-0", "a", "everything", "flask", "plain", "ver-sion-order", "yanked", "zope-interface");
        assertThat(projects.get(5).name()).isEqualTo("Ver.Sion_Order");
        assertThat(projects.get(5).json()).isEqualTo("{\"name\":\"Ver.Sion_Order\"}");
    }

    @Test
    void listsOfOtherIndexesAreRead() {
        assertThat(
                        projects(
                                "<html><head><title>root/dev: simple list (including inherited indices)</title></head><body>"
                                        + "<h1>root/dev: simple list</h1><a href=\"b/\">b</a><br/><a href=A>A</a><a href=A>a</a></body></html>"))
                .extracting(ListedProject::name)
                .containsExactly("b", "A");
    }

    @Test
    void listWithoutTitleIsKnownByItsLinks() {
        assertThat(projects("<html><body><a href='/simple/Frob/?x#y'>frob</a></body></html>"))
                .extracting(ListedProject::project)
                .containsExactly("frob");
    }

    @Test
    void linksThatAreNoProjectsArePassedOver() {
        assertThat(projects("<html><title>Simple index</title><a href=/about>About us</a><a href=/x/>home</a>"
                        + "<a href=/simple/ok/>ok</a></html>"))
                .extracting(ListedProject::project)
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
        assertThatThrownBy(() -> projects(html)).isInstanceOf(PageFormatException.class);
    }
}
