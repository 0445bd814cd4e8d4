package dev.detour.mirror.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.mirror.remote.FileServer;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A follower at generation 1, generation 2 published, and something wrong with one of its files. */
class TamperingTest {
    @TempDir
    Path directory;

    Edition edition;
    FileServer server;
    Edge edge;

    @BeforeEach
    void publishAndFollow() throws IOException {
        edition = new Edition(directory);
        edition.put("demo", 1);
        edition.publish();
        server = new FileServer(edition.web);
        edge = new Edge(directory.resolve("edge"), edition.store.key().publicKey(), server.uri(), edition.clock);
        edge.follower.runNow();
        edition.publishWith("other", 2);
    }

    @AfterEach
    void close() throws StoreException {
        edge.close();
        server.close();
        edition.close();
    }

    private PublishedGeneration published(long number) throws IOException {
        return PublishedGeneration.parse(
                Files.readAllBytes(edition.web.resolve(PublishedGeneration.path(number))), "generation");
    }

    /** A file of generation 2 that the follower has yet to fetch. */
    private String path(String what) throws IOException {
        if (!what.equals("table") && !what.equals("small")) {
            return what;
        }
        List<PublishedFile> here = published(1).files();
        return published(2).files().stream()
                .filter(file -> here.stream().noneMatch(known -> known.sha256().equals(file.sha256())))
                .filter(file -> file.name().endsWith(".sst") == what.equals("table"))
                .findFirst()
                .orElseThrow()
                .path();
    }

    private static FileServer.Answer fault(String how) {
        return switch (how) {
            case "corrupt" -> FileServer.corrupt();
            case "cut" -> FileServer.cut(10);
            case "short" ->
                (exchange, file) ->
                        FileServer.status(200, "text/plain", "short").send(exchange, file);
            case "long" ->
                (exchange, file) -> FileServer.status(200, "text/plain", "long".repeat(100_000))
                        .send(exchange, file);
            case "empty" -> FileServer.status(200, "text/plain", "");
            case "page" -> FileServer.status(200, "text/html", "<html><body>Sign in</body></html>");
            case "404" -> FileServer.status(404, "text/html", "Not Found");
            case "500" -> FileServer.status(500, "text/html", "Oops");
            default -> throw new IllegalArgumentException(how);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "table, corrupt",
        "table, cut",
        "table, short",
        "table, long",
        "table, empty",
        "table, page",
        "table, 404",
        "table, 500",
        "small, corrupt",
        "small, short",
        "small, long",
        "small, empty",
        "small, page",
        "small, 404",
        "generations/000002.json, corrupt",
        "generations/000002.json, cut",
        "generations/000002.json, short",
        "generations/000002.json, long",
        "generations/000002.json, empty",
        "generations/000002.json, page",
        "generations/000002.json, 404",
        "generations/000002.json, 500",
        "current.json, corrupt",
        "current.json, cut",
        "current.json, short",
        "current.json, long",
        "current.json, empty",
        "current.json, page",
        "current.json, 404",
        "current.json, 500",
    })
    void whatIsServedStaysAndTheFileIsNamed(String what, String how) throws Exception {
        String path = path(what);
        server.answer(path, fault(how));

        assertThatThrownBy(() -> edge.follower.runNow())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(path);

        assertThat(edge.served()).isEqualTo(1);
        assertThat(edge.page("demo")).isEqualTo(new String(Edition.page("demo", 1), StandardCharsets.UTF_8));
        assertThat(edge.follower.status().problem()).contains(path);
        assertThat(edge.follower.status().generation()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"table, corrupt", "table, 404", "generations/000002.json, corrupt", "current.json, cut"})
    void whatIsRightAgainIsFollowed(String what, String how) throws Exception {
        String path = path(what);
        server.answer(path, fault(how));
        assertThatThrownBy(() -> edge.follower.runNow()).isInstanceOf(StoreException.class);
        server.answer(path, null);

        edge.follower.runNow();

        assertThat(edge.served()).isEqualTo(2);
        assertThat(edge.follower.status().problem()).isNull();
    }

    @Test
    void everyValueOfThePointerIsSigned() throws Exception {
        Path file = edition.web.resolve("current.json");
        String pointer = Files.readString(file);
        List<String> changed = List.of(
                pointer.replace("\"generation\":2", "\"generation\":3"),
                pointer.replace("\"form\":1", "\"form\":2"),
                pointer.replaceFirst("\"confirmed-at\":\"2026", "\"confirmed-at\":\"2027"),
                pointer.replaceFirst("\"expires\":\"2026", "\"expires\":\"2036"),
                pointer.replaceFirst("\"size\":[0-9]+", "\"size\":7"),
                pointer.replaceFirst("\"sha256\":\"[0-9a-f]{8}", "\"sha256\":\"00000000"),
                pointer.replaceFirst("\"signature\":\"[^\"]*\"", "\"signature\":\"\""),
                pointer.replaceFirst(",\"signature\":\"[^\"]*\"", ""),
                pointer.replaceFirst("\\{", "{\"more\":1,"));

        for (String content : changed) {
            assertThat(content).isNotEqualTo(pointer);
            Files.writeString(file, content);
            assertThatThrownBy(() -> edge.follower.runNow())
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("current.json");
        }
        assertThat(edge.served()).isEqualTo(1);
    }

    /** Publishes what even the holder of the key cannot make true. */
    private void publishInstead(PublishedGeneration generation) throws IOException {
        byte[] json = generation.json();
        Files.write(edition.web.resolve(PublishedGeneration.path(2)), json);
        PublishedPointer pointer = new PublishedPointer(
                2,
                Sha256.hex(json),
                json.length,
                edition.clock.instant(),
                edition.clock.instant().plus(Duration.ofHours(1)));
        Files.write(edition.web.resolve("current.json"), pointer.signed(edition.store.key()));
    }

    @Test
    void rowsOfAnotherGenerationAreRefused() throws Exception {
        PublishedGeneration second = published(2);
        publishInstead(new PublishedGeneration(2, published(1).files(), second.manifest(), second.signature(), null));

        assertThatThrownBy(() -> edge.follower.runNow())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("generations/000002.json")
                .hasMessageContaining("is not what was signed");
        assertThat(edge.served()).isEqualTo(1);
    }

    @Test
    void manifestWithTheSignatureOfAnotherIsRefused() throws Exception {
        PublishedGeneration second = published(2);
        publishInstead(new PublishedGeneration(
                2, second.files(), second.manifest(), published(1).signature(), null));

        assertThatThrownBy(() -> edge.follower.runNow())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is not signed");
        assertThat(edge.served()).isEqualTo(1);
    }

    @Test
    void manifestOfAnotherGenerationIsRefused() throws Exception {
        PublishedGeneration first = published(1);
        publishInstead(new PublishedGeneration(2, first.files(), first.manifest(), first.signature(), null));

        assertThatThrownBy(() -> edge.follower.runNow()).hasMessageContaining("is of generation 1 (expected: 2)");
        assertThat(edge.served()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"../../escape", "/tmp/escape", "manifest.json", "000001.sst/x", "LOCK", "''", "CURRENT"})
    void nameThatIsNoFileOfADatabaseIsRefused(String name) throws Exception {
        PublishedGeneration second = published(2);
        List<PublishedFile> files = new ArrayList<>(second.files());
        files.add(new PublishedFile(name, "ab".repeat(32), 1));
        publishInstead(new PublishedGeneration(2, files, second.manifest(), second.signature(), null));

        assertThatThrownBy(() -> edge.follower.runNow())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("'" + name + "' (expected: files of a database, each once)");
        assertThat(edge.served()).isEqualTo(1);
    }

    @Test
    void generationThatDoesNotFitOnTheDiskIsNotBegun() throws Exception {
        PublishedGeneration second = published(2);
        List<PublishedFile> files = new ArrayList<>(second.files());
        files.add(new PublishedFile("999999.sst", "ab".repeat(32), 1L << 55));
        publishInstead(new PublishedGeneration(2, files, second.manifest(), second.signature(), null));
        server.forgetRequests();

        assertThatThrownBy(() -> edge.follower.runNow()).hasMessageContaining("bytes more in");
        assertThat(server.paths("GET")).noneMatch(path -> path.startsWith("objects/"));
    }
}
