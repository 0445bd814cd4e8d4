package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @CsvSource({"Flask,flask", "zope.interface,zope-interface", "a_-.B,a-b", "A,a", "0.0,0-0", "x--y__z,x-y-z"})
    void namesAreNormalised(String spelled, String normalised) {
        assertThat(ProjectName.normalise(spelled)).isEqualTo(normalised);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", ".", "..", "a/b", "a b", "ä", "a\0", "%2e%2e", "a\n", "a\\b"})
    void impossibleNamesAreNone(String spelled) {
        assertThat(ProjectName.normalise(spelled)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "demo_app-1.0-py3-none-any.whl,demo-app,1.0",
        "demo_app-1.0-1-py3-none-any.whl,demo-app,1.0",
        "demo_app-1!2.0+l.1-py3-none-any.whl,demo-app,1!2.0+l.1",
        "demo-app-1.0.tar.gz,demo-app,1.0",
        "Demo.App-1.0rc1.zip,demo-app,1.0rc1",
        "foo-2-1.0.tar.gz,foo-2,1.0",
        "foo-2-1.0.tar.gz,foo,2-1.0",
        "legacy_egg-0.1-py2.7.egg,legacy-egg,0.1",
        "legacy-egg-0.1.win32.exe,legacy-egg,0.1",
        "foo-1.2.win-amd64-py3.4.exe,foo,1.2",
        "foo-1.2.linux-x86_64.tar.gz,foo,1.2",
        "foo-1.2-1.noarch.rpm,foo,1.2",
        "foo-nightly.tar.gz,foo,nightly",
        "unrelated,foo,''"
    })
    void versionIsReadFromTheFilename(String filename, String project, String version) {
        assertThat(ReleaseFilename.versionOf(filename, project, List.of("0.1", "1.2", "1")))
                .isEqualTo(version);
    }

    @Test
    void linksOfAPageAreReadWhateverTheirQuotesAndCase() {
        List<HtmlAnchor> anchors = new ArrayList<>();

        HtmlAnchor.each(
                "<!-- <a href=no>no</a> --><A HREF='x\"&amp;y' data-yanked=\"a > b &#39;&#x4e;&#78;\" data-gpg-sig>f.whl</A>"
                        + "<abbr>n</abbr><a href=plain>\n g.whl </a><a href=cut",
                anchors::add);

        assertThat(anchors).extracting(HtmlAnchor::text).containsExactly("f.whl", "g.whl");
        assertThat(anchors.get(0).attributes())
                .containsEntry("href", "x\"&y")
                .containsEntry("data-yanked", "a > b 'NN")
                .containsEntry("data-gpg-sig", "");
    }
}
