package dev.detour.mirror.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionalRequestTest {
    private static final MirrorResource DEMO = new MirrorResource.SimpleProject("demo");

    @TempDir
    Path root;

    Tree tree;
    String tag = "";

    @BeforeEach
    void makePage() throws IOException {
        tree = new Tree(root, "demo");
        tree.write("simple/demo/index.v1_json", Tree.page("demo"));
        tree.touch("simple/demo/index.v1_json", Tree.TAKEN.plusMillis(700));
        tag = Objects.requireNonNull(tree.found(DEMO, null).headers().get("ETag"));
    }

    private MirrorAnswer.Found ask(@Nullable String ifNoneMatch, @Nullable String ifModifiedSince) {
        return Tree.found(tree.mirror.answer(
                new MirrorRequest(DEMO, false, null, null, ifNoneMatch, ifModifiedSince, null, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$", "W/$", "\"x\", $", "\"x\",W/$ ,\"y\"", "*", " * "})
    void tagThatIsKnownIsNotSentAgain(String header) {
        MirrorAnswer.Found answer = ask(header.replace("$", tag), null);

        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.body()).isEqualTo(new MirrorAnswer.Body.None());
        assertThat(answer.contentLength()).isEqualTo(-1);
        assertThat(answer.headers()).containsEntry("ETag", tag).containsKeys("Vary", "Cache-Control", "Age");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"x\"", "W/\"x\"", "x", "\"detour-m-\"", "\"*\""})
    void otherTagGetsThePage(String header) {
        assertThat(ask(header, null).status()).isEqualTo(200);
    }

    @Test
    void otherTagWinsOverADateThatWouldMatch() {
        assertThat(ask("\"x\"", "Wed, 04 Mar 2027 05:06:07 GMT").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Wed, 04 Mar 2026 05:06:07 GMT | 304",
                "Wed, 04 Mar 2026 05:06:08 GMT | 304",
                "Wednesday, 04-Mar-26 05:06:07 GMT | 304",
                "Wed Mar  4 05:06:07 2026 | 304",
                "Wed, 04 Mar 2026 05:06:06 GMT | 200",
                "yesterday | 200",
                "'' | 200"
            })
    void dateDecidesWithoutATag(String date, int status) {
        assertThat(ask(null, date).status()).isEqualTo(status);
    }
}
