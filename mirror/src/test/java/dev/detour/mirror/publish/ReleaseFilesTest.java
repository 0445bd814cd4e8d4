package dev.detour.mirror.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.config.StoreConfig;
import dev.detour.mirror.remote.FileServer;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Release files and metadata that are published and followed beside pages. */
class ReleaseFilesTest {
    private static final String WHEEL = "aa/demo-1.0-py3-none-any.whl";

    @TempDir
    private Path directory = Path.of("");

    private Edition edition;
    private FileServer server;
    private final List<Edge> edges = new ArrayList<>();

    @BeforeEach
    void publish() throws IOException {
        edition = new Edition(directory);
        edition.put("demo", 1);
        keep(WHEEL, "wheel");
        keep(WHEEL + ".metadata", "metadata");
        edition.publish();
        server = new FileServer(edition.web);
    }

    @AfterEach
    void close() throws StoreException {
        for (Edge edge : edges) {
            edge.close();
        }
        server.close();
        edition.close();
    }

    private static String hash(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }

    private Path object(String text) {
        return edition.web.resolve(PublishedFile.path(hash(text)));
    }

    private void keep(String path, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        edition.store.files().put(hash(text), bytes.length, new ByteArrayInputStream(bytes));
        try (Change change = edition.store.change()) {
            change.file(path, new StoredFile(hash(text), bytes.length)).commit();
        }
    }

    private Edge edge(StoreConfig.Files kinds, long limit) throws StoreException {
        Edge edge = new Edge(
                directory.resolve("edge" + edges.size()),
                edition.store.key().publicKey(),
                server.uri(),
                new Follower.ReleaseFiles(kinds, limit),
                edition.clock);
        edges.add(edge);
        return edge;
    }

    private static boolean has(Edge edge, String text) throws IOException {
        Path file = edge.files.path(hash(text));
        return file != null && Files.readString(file).equals(text);
    }

    @Test
    void allOfThemComeWithTheirPages() throws Exception {
        Edge edge = edge(StoreConfig.Files.ALL, 1_000);

        edge.follower.runNow();

        assertThat(has(edge, "wheel")).isTrue();
        assertThat(has(edge, "metadata")).isTrue();
        assertThat(edge.served()).isEqualTo(1);
    }

    @Test
    void metadataAloneComesWhereOnlyThatIsWanted() throws Exception {
        Edge edge = edge(StoreConfig.Files.METADATA, 1_000);

        edge.follower.runNow();

        assertThat(has(edge, "wheel")).isFalse();
        assertThat(has(edge, "metadata")).isTrue();
    }

    @Test
    void nothingIsAskedForWhereNothingIsWanted() throws Exception {
        Edge edge = edge(StoreConfig.Files.NONE, 0);

        edge.follower.runNow();

        assertThat(edge.served()).isEqualTo(1);
        assertThat(server.requests()).noneMatch(request -> request.path().endsWith(hash("metadata")));
    }

    @Test
    void onlyNewOnesAreFetched() throws Exception {
        Edge edge = edge(StoreConfig.Files.ALL, 1_000);
        edge.follower.runNow();
        keep("bb/other-1.0.tar.gz", "sdist");
        edition.publishWith("other", 2);
        server.forgetRequests();

        edge.follower.runNow();

        assertThat(has(edge, "sdist")).isTrue();
        assertThat(server.requests()).noneMatch(request -> request.path().endsWith(hash("wheel")));
    }

    @Test
    void aFileIsASecondNameOfTheStoresOwn() throws Exception {
        Path own = edition.store.files().path(hash("wheel"));

        assertThat(Files.isSameFile(object("wheel"), Objects.requireNonNull(own)))
                .isTrue();
    }

    @Test
    void whatGoesBeyondTheLimitStaysBehindAndPagesComeAllTheSame() throws Exception {
        Edge edge = edge(StoreConfig.Files.ALL, 6);

        edge.follower.runNow();

        assertThat(has(edge, "wheel")).isTrue();
        assertThat(has(edge, "metadata")).isFalse();
        assertThat(edge.served()).isEqualTo(1);
    }

    @Test
    void aFileWithOtherBytesIsNotTakenNorWhatNamesIt() throws Exception {
        Files.delete(object("wheel"));
        Files.writeString(object("wheel"), "whale");
        Edge edge = edge(StoreConfig.Files.ALL, 1_000);

        assertThatThrownBy(() -> edge.follower.runNow()).hasMessageContaining(hash("wheel"));
        assertThat(has(edge, "wheel")).isFalse();
        assertThat(edge.served()).isZero();

        Files.writeString(object("wheel"), "wheel");
        edge.follower.runNow();
        assertThat(has(edge, "wheel")).isTrue();
        assertThat(edge.served()).isEqualTo(1);
    }

    @Test
    void whatNoGenerationNamesAnyMoreIsRemovedFromThePublicationAndTheEdge() throws Exception {
        Edge edge = edge(StoreConfig.Files.ALL, 1_000);
        edge.follower.runNow();
        dropFiles();
        for (long serial = 2; serial < 6; serial++) {
            edition.publishWith("other", serial);
            edition.clock.pass(Duration.ofDays(2));
            edition.publishCurrent();
            edge.follower.runNow();
        }

        assertThat(object("wheel")).doesNotExist();
        assertThat(edge.files.path(hash("wheel"))).isNull();
    }

    /** A page that names the wheel, and then one that does not. */
    private void dropFiles() throws StoreException {
        try (Change change = edition.store.change()) {
            byte[] page = Edition.page("demo", 2);
            byte[] naming = new String(page, StandardCharsets.UTF_8)
                    .replace("\"files\":[]", "\"files\":[{\"filename\":\"x\",\"url\":\"/packages/" + WHEEL + "\"}]")
                    .getBytes(StandardCharsets.UTF_8);
            change.page("demo", naming, Edition.state(naming, 2)).commit();
        }
        try (Change change = edition.store.change()) {
            byte[] page = Edition.page("demo", 3);
            change.page("demo", page, Edition.state(page, 3)).commit();
        }
    }
}
