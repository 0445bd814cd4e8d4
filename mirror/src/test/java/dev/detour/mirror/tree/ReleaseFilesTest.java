package dev.detour.mirror.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseFilesTest {
    private static final String WHEEL = "aa/bb/cc/f.whl";
    private static final String CONTENT = "0123456789";

    @TempDir
    Path root;

    Tree tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new Tree(root, "demo");
        tree.write("packages/" + WHEEL, CONTENT);
        tree.touch("packages/" + WHEEL, Tree.TAKEN);
    }

    private MirrorAnswer.Found get(String path) {
        return Tree.found(tree.get(new MirrorResource.File(path)));
    }

    private MirrorAnswer.Found range(@Nullable String range, @Nullable String ifRange) {
        return Tree.found(tree.mirror.answer(
                new MirrorRequest(new MirrorResource.File(WHEEL), false, null, null, null, null, range, ifRange)));
    }

    private static String sent(MirrorAnswer.Found answer) throws IOException {
        MirrorAnswer.Body.FileRange part = (MirrorAnswer.Body.FileRange) answer.body();
        assertThat(answer.contentLength()).isEqualTo(part.length());
        byte[] all = Files.readAllBytes(part.file());
        return new String(all, (int) part.offset(), (int) part.length(), StandardCharsets.UTF_8);
    }

    @Test
    void fileIsSentWhole() throws Exception {
        MirrorAnswer.Found answer = get(WHEEL);

        assertThat(sent(answer)).isEqualTo(CONTENT);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers())
                .containsEntry("Accept-Ranges", "bytes")
                .containsEntry("Cache-Control", "no-cache")
                .containsEntry("Last-Modified", "Wed, 04 Mar 2026 05:06:07 GMT")
                .containsEntry("Access-Control-Allow-Origin", "*")
                .containsEntry("Age", "60")
                .containsKey("ETag");
    }

    @ParameterizedTest
    @CsvSource({
        "f.whl,application/zip",
        "f.whl.metadata,text/plain; charset=utf-8",
        "f.tar.gz,application/gzip",
        "f.TAR.GZ,application/gzip",
        "f.zip,application/zip",
        "f.tar.bz2,application/x-bzip2",
        "f.exe,application/octet-stream",
        "f,application/octet-stream"
    })
    void typeFollowsTheEnding(String name, String type) throws Exception {
        tree.write("packages/aa/" + name, CONTENT);

        assertThat(get("aa/" + name).headers()).containsEntry("Content-Type", type);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3,0123,0-3",
        "bytes=2-2,2,2-2",
        "bytes=7-,789,7-9",
        "bytes=0-,0123456789,0-9",
        "bytes=-3,789,7-9",
        "bytes=-99,0123456789,0-9",
        "bytes=8-99999999999999999999999,89,8-9",
        "BYTES = 1 - 2 ,12,1-2"
    })
    void singleRangeIsSentAlone(String header, String content, String range) throws Exception {
        MirrorAnswer.Found answer = range(header, null);

        assertThat(sent(answer)).isEqualTo(content);
        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.headers()).containsEntry("Content-Range", "bytes " + range + "/10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999-"})
    void rangeBeyondTheFileIsRefused(String header) {
        MirrorAnswer.Found answer = range(header, null);

        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.contentLength()).isZero();
        assertThat(answer.headers()).containsEntry("Content-Range", "bytes */10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=0-1,3-4",
                "bytes=3-1",
                "bytes=",
                "bytes=-",
                "bytes=a-b",
                "items=0-1",
                "0-1",
                "",
                "bytes=1--2"
            })
    void severalRangesOrNonsenseGetTheWholeFile(String header) throws Exception {
        MirrorAnswer.Found answer = range(header, null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(sent(answer)).isEqualTo(CONTENT);
        assertThat(answer.headers()).doesNotContainKey("Content-Range");
    }

    @Test
    void emptyFileHasNoRanges() throws Exception {
        tree.write("packages/" + WHEEL, "");

        assertThat(range("bytes=-5", null).status()).isEqualTo(200);
        assertThat(range("bytes=0-", null).status()).isEqualTo(416);
    }

    @Test
    void rangeAppliesToTheSameFileOnly() {
        String tag = Objects.requireNonNull(get(WHEEL).headers().get("ETag"));

        assertThat(range("bytes=0-1", tag).status()).isEqualTo(206);
        assertThat(range("bytes=0-1", "Wed, 04 Mar 2026 05:06:07 GMT").status()).isEqualTo(206);
        assertThat(range("bytes=0-1", "\"other\"").status()).isEqualTo(200);
        assertThat(range("bytes=0-1", "W/" + tag).status()).isEqualTo(200);
        assertThat(range("bytes=0-1", "Wed, 04 Mar 2026 05:06:08 GMT").status()).isEqualTo(200);
        assertThat(range("bytes=0-1", "nonsense").status()).isEqualTo(200);
    }

    @Test
    void knownFileIsNotSentAgainWhateverTheRange() {
        String tag = get(WHEEL).headers().get("ETag");

        MirrorAnswer.Found answer = Tree.found(tree.mirror.answer(
                new MirrorRequest(new MirrorResource.File(WHEEL), false, null, null, tag, null, "bytes=0-1", null)));

        assertThat(answer.status()).isEqualTo(304);
    }

    @Test
    void headIgnoresTheRange() {
        MirrorAnswer.Found answer = Tree.found(tree.mirror.answer(
                new MirrorRequest(new MirrorResource.File(WHEEL), true, null, null, null, null, "bytes=0-1", null)));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentLength()).isEqualTo(10);
        assertThat(answer.body()).isEqualTo(new MirrorAnswer.Body.None());
    }

    @ParameterizedTest
    @ValueSource(strings = {".f.whl.x1y2", "f.whl.ab12cd_8", "f.tar.gz.00000000"})
    void fileInTheMakingIsNotServed(String name) throws Exception {
        tree.write("packages/aa/" + name, CONTENT);

        assertThat(tree.get(new MirrorResource.File("aa/" + name))).isInstanceOf(MirrorAnswer.Absent.class);
    }
}
