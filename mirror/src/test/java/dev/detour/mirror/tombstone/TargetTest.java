package dev.detour.mirror.tombstone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.mirror.page.PythonVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @ParameterizedTest
    @ValueSource(strings = {"Demo_Lib", "demo-lib", "demo..lib", " DEMO.LIB "})
    void aNameIsAProjectInEverySpelling(String text) {
        assertThat(Target.parse(text)).isEqualTo(new Target.Project("demo-lib"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Demo==1.0", "demo==1.0.0", "DEMO == v1"})
    void aNameWithAVersionIsAReleaseInEverySpelling(String text) {
        assertThat(Target.parse(text)).isEqualTo(new Target.Release("demo", PythonVersion.of("1.0")));
    }

    @Test
    void aVersionThatPep440DoesNotKnowIsOneAllTheSame() {
        assertThat(Target.parse("demo==dev-r12")).isEqualTo(new Target.Release("demo", PythonVersion.of("dev-r12")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo-1.0-py3-none-any.whl",
                "Demo-1.0.tar.gz",
                "demo-1.0.ZIP",
                "demo-1.0-py2.7.egg",
                "demo-1.0.win32.exe"
            })
    void aNameThatEndsAsReleaseFilesDoIsAFile(String text) {
        assertThat(Target.parse(text)).isEqualTo(new Target.File(text));
    }

    @Test
    void aProjectMayBeCalledLikeAnArchive() {
        assertThat(Target.parse("my.zip")).isEqualTo(new Target.Project("my-zip"));
    }

    @Test
    void caseOfAFileCounts() {
        assertThat(Target.parse("Demo-1.0.zip")).isNotEqualTo(Target.parse("demo-1.0.zip"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                  | NAME, NAME==VERSION or
            -demo                               | NAME, NAME==VERSION or
            de mo                               | NAME, NAME==VERSION or
            demo>=1.0                           | NAME, NAME==VERSION or
            demo[extra]==1.0                    | without extras
            ==1.0                               | without extras
            demo==                              | one version, without wildcard
            demo==1.*                           | one version, without wildcard
            demo===1.0                          | one version, without wildcard
            demo==1.0 2.0                       | one version, without wildcard
            packages/aa/demo-1.0.tar.gz         | without its path or URL
            https://x.example/demo-1.0.whl      | without its path or URL
            .demo-1.0.whl                       | without its path or URL
            demo-1.0-py3-none-any.whl.metadata  | the release file itself
            demo-1.0.tar.gz.asc                 | the release file itself
            """)
    void whatIsNoneSaysWhatWasExpected(String text, String expected) {
        assertThatThrownBy(() -> Target.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void aNameLongerThanAnyFileSystemTakesIsNone() {
        assertThatThrownBy(() -> Target.parse("a".repeat(300))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Target.parse("a-".repeat(200) + ".whl")).isInstanceOf(IllegalArgumentException.class);
    }
}
