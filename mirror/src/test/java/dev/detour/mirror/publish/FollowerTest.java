package dev.detour.mirror.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.mirror.remote.FileServer;
import dev.detour.mirror.store.SigningKey;
import dev.detour.mirror.store.StoreException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {
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
        edge = edge("edge");
    }

    @AfterEach
    void close() throws StoreException {
        edge.close();
        server.close();
        edition.close();
    }

    private Edge edge(String name) throws StoreException {
        return new Edge(directory.resolve(name), edition.store.key().publicKey(), server.uri(), edition.clock);
    }

    private List<FileServer.Request> objectRequests() {
        return server.requests().stream()
                .filter(request -> request.path().startsWith("objects/"))
                .toList();
    }

    private PublishedGeneration published(long number) throws IOException {
        return PublishedGeneration.parse(
                Files.readAllBytes(edition.web.resolve(PublishedGeneration.path(number))), "generation");
    }

    private PublishedFile largest(long number) throws IOException {
        return published(number).files().stream()
                .reduce((a, b) -> a.size() >= b.size() ? a : b)
                .orElseThrow();
    }

    @Test
    void publishedGenerationIsServed() throws Exception {
        Follower.Outcome outcome = edge.follower.runNow();

        assertThat(outcome.result()).isEqualTo(Follower.Result.ADOPTED);
        assertThat(edge.served()).isEqualTo(1);
        assertThat(edge.page("demo")).isEqualTo(new String(Edition.page("demo", 1), StandardCharsets.UTF_8));
        assertThat(edge.confirmedAt()).isEqualTo(Edition.NOON);
        assertThat(edge.follower.status().generation()).isEqualTo(1);
        assertThat(edge.follower.status().problem()).isNull();
    }

    @Test
    void onlyObjectsThatAreNotHereAreFetched() throws Exception {
        edge.follower.runNow();
        Publication.Outcome publication = edition.publishWith("other", 2);
        server.forgetRequests();

        Follower.Outcome outcome = edge.follower.runNow();

        assertThat(publication.kept()).isPositive();
        assertThat(outcome.fetched()).isEqualTo(publication.added());
        assertThat(outcome.reused()).isEqualTo(publication.kept());
        assertThat(outcome.fetchedBytes()).isEqualTo(publication.addedBytes());
        assertThat(objectRequests()).hasSize(publication.added());
        assertThat(objectRequests().stream()
                        .mapToLong(FileServer.Request::bytes)
                        .sum())
                .isEqualTo(publication.addedBytes());
        assertThat(edge.page("other")).isNotNull();
    }

    @Test
    void nothingNewIsOneRequestWithoutABody() throws Exception {
        edge.follower.runNow();
        server.forgetRequests();

        Follower.Outcome outcome = edge.follower.runNow();

        assertThat(outcome.result()).isEqualTo(Follower.Result.UNCHANGED);
        assertThat(server.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.status()).isEqualTo(304));
    }

    @Test
    void laterConfirmationMakesItYoungerWithoutFetchingAnything() throws Exception {
        edge.follower.runNow();
        edition.clock.pass(Duration.ofMinutes(5));
        edition.publish();
        server.forgetRequests();

        Follower.Outcome outcome = edge.follower.runNow();

        assertThat(outcome.result()).isEqualTo(Follower.Result.CONFIRMED);
        assertThat(edge.confirmedAt()).isEqualTo(Edition.NOON.plus(Duration.ofMinutes(5)));
        assertThat(server.paths("GET")).containsExactly("current.json");
    }

    @Test
    void restartedFollowerServesAndFetchesOnlyWhatIsNew() throws Exception {
        edge.follower.runNow();
        edge.close();
        Publication.Outcome publication = edition.publishWith("other", 2);
        edge = edge("edge");
        long before = edge.served();
        server.forgetRequests();

        edge.follower.runNow();

        assertThat(before).isEqualTo(1);
        assertThat(edge.served()).isEqualTo(2);
        assertThat(objectRequests()).hasSize(publication.added());
    }

    @Test
    void transferThatWasCutGoesOnWhereItStopped() throws Exception {
        PublishedFile file = largest(1);
        int half = (int) (file.size() / 2);
        server.answer(file.path(), FileServer.cut(half));
        assertThatThrownBy(() -> edge.follower.runNow()).hasMessageContaining(file.path());
        edge.close();
        server.answer(file.path(), null);
        edge = edge("edge");
        server.forgetRequests();

        edge.follower.runNow();

        assertThat(edge.served()).isEqualTo(1);
        assertThat(objectRequests())
                .filteredOn(request -> request.path().equals(file.path()))
                .singleElement()
                .satisfies(request -> {
                    assertThat(request.range()).startsWith("bytes=").isNotEqualTo("bytes=0-");
                    assertThat(request.bytes()).isLessThan(file.size());
                });
    }

    @Test
    void shortCutsAreGotOverInOneRun() throws Exception {
        PublishedFile file = largest(1);
        server.answer(file.path(), (exchange, content) -> {
            server.answer(file.path(), null);
            FileServer.cut((int) (file.size() / 2)).send(exchange, content);
        });

        edge.follower.runNow();

        assertThat(edge.served()).isEqualTo(1);
    }

    @Test
    void wrongBeginningOfATransferIsFetchedAnew() throws Exception {
        PublishedFile file = largest(1);
        Path incoming = Files.createDirectories(directory.resolve("edge/followed/incoming"));
        Files.writeString(incoming.resolve(file.sha256() + ".part"), "of something else");

        edge.follower.runNow();

        assertThat(edge.served()).isEqualTo(1);
    }

    @Test
    void wholeObjectsOfARunThatFailedAreNotFetchedAgain() throws Exception {
        PublishedFile file = largest(1);
        server.answer(file.path(), FileServer.status(503, "text/plain", "busy"));
        assertThatThrownBy(() -> edge.follower.runNow()).hasMessageContaining("status 503");
        long fetched = objectRequests().stream()
                .filter(request -> request.status() == 200)
                .count();
        server.answer(file.path(), null);
        server.forgetRequests();

        edge.follower.runNow();

        assertThat(objectRequests().size() + fetched)
                .isLessThanOrEqualTo(published(1).files().size() + 3L);
        assertThat(objectRequests()).extracting(FileServer.Request::path).contains(file.path());
        assertThat(edge.served()).isEqualTo(1);
    }

    @Test
    void transferWithoutProgressIsGivenUp() throws Exception {
        PublishedFile file = largest(1);
        server.answer(file.path(), FileServer.silence());

        assertThatThrownBy(() -> edge.follower.runNow())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.path())
                .hasMessageContaining("nothing came for 500 ms");
    }

    @Test
    void fileThatWasDamagedHereIsFetchedAnew() throws Exception {
        edge.follower.runNow();
        for (PublishedFile file : published(1).files()) {
            if (file.name().endsWith(".sst")) {
                Path path = directory.resolve("edge/generations/000001").resolve(file.name());
                byte[] content = Files.readAllBytes(path);
                content[content.length / 3] ^= 1;
                content[0] ^= 1;
                Files.write(path, content);
            }
        }
        edition.publishWith("other", 2);
        assertThatThrownBy(() -> edge.follower.runNow()).hasMessageContaining("generations/000002.json");

        edge.follower.runNow();

        assertThat(edge.served()).isEqualTo(2);
        assertThat(edge.page("demo")).isNotNull();
    }

    @Test
    void pinnedGenerationStaysPinned() throws Exception {
        edge.follower.runNow();
        edge.generations.use(1, true);
        edition.publishWith("other", 2);

        edge.follower.runNow();
        long pinned = edge.served();
        edge.generations.unpin();

        assertThat(pinned).isEqualTo(1);
        assertThat(edge.served()).isEqualTo(2);
        assertThat(edge.page("other")).isNotNull();
    }

    @Test
    void expiredPublicationIsReportedAndServedOn() throws Exception {
        edge.follower.runNow();
        boolean before = edge.follower.status().expired();
        edition.clock.pass(Duration.ofHours(7));
        edge.follower.runNow();

        assertThat(before).isFalse();
        assertThat(edge.follower.status().expired()).isTrue();
        assertThat(edge.follower.status().problem()).isNull();
        assertThat(edge.served()).isEqualTo(1);
        assertThat(edge.confirmedAt()).isEqualTo(Edition.NOON);
    }

    @Test
    void earlierGenerationIsRefused() throws Exception {
        byte[] early = Files.readAllBytes(edition.web.resolve("current.json"));
        edition.publishWith("other", 2);
        edge.follower.runNow();
        Files.write(edition.web.resolve("current.json"), early);

        assertThatThrownBy(() -> edge.follower.runNow())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("current.json has generation 1 (expected: at least 2");
        assertThat(edge.served()).isEqualTo(2);
    }

    @Test
    void earlierConfirmationIsRefusedAlsoAfterARestart() throws Exception {
        byte[] early = Files.readAllBytes(edition.web.resolve("current.json"));
        edition.clock.pass(Duration.ofMinutes(5));
        edition.publish();
        edge.follower.runNow();
        Files.write(edition.web.resolve("current.json"), early);
        edge.close();
        edge = edge("edge");

        assertThatThrownBy(() -> edge.follower.runNow())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("confirmed at " + Edition.NOON);
        assertThat(edge.confirmedAt()).isEqualTo(Edition.NOON.plus(Duration.ofMinutes(5)));
    }

    @Test
    void replayIsRefusedAlsoWhereTheGenerationsWereRemoved() throws Exception {
        byte[] early = Files.readAllBytes(edition.web.resolve("current.json"));
        edition.publishWith("other", 2);
        edge.follower.runNow();
        edge.close();
        Path moved = directory.resolve("moved");
        Files.move(directory.resolve("edge/generations"), moved);
        Files.delete(directory.resolve("edge/current.json"));
        Files.write(edition.web.resolve("current.json"), early);
        edge = edge("edge");

        assertThatThrownBy(() -> edge.follower.runNow())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("nothing before generation 2");
    }

    @Test
    void leftoversOfARunThatWasKilledAreInNobodysWay() throws Exception {
        edge.follower.runNow();
        edition.publishWith("other", 2);
        Path left = Files.createDirectories(directory.resolve("edge/generations/.000002"));
        Files.writeString(left.resolve("CURRENT"), "MANIFEST-000001");
        Files.write(
                directory.resolve("edge/followed/000002.json"),
                Files.readAllBytes(edition.web.resolve("generations/000002.json")));
        Files.writeString(directory.resolve("edge/followed/incoming/" + "ab".repeat(32)), "of another generation");

        edge.follower.runNow();

        assertThat(edge.served()).isEqualTo(2);
        assertThat(left).doesNotExist();
        assertThat(directory.resolve("edge/followed/incoming")).isEmptyDirectory();
    }

    @Test
    void directoryIsFollowedToo() throws Exception {
        try (Edge other = new Edge(
                directory.resolve("other"), edition.store.key().publicKey(), edition.web.toUri(), edition.clock)) {
            other.follower.runNow();
            edition.publishWith("other", 2);
            other.follower.runNow();

            assertThat(other.served()).isEqualTo(2);
        }
    }

    @Test
    void startedFollowerRunsByItself() throws Exception {
        edge.follower.start(Duration.ofMillis(20));
        while (edge.served() != 1) {
            Thread.onSpinWait();
        }
        edition.publishWith("other", 2);
        while (edge.served() != 2) {
            Thread.onSpinWait();
        }

        assertThat(edge.page("other")).isNotNull();
    }

    @Test
    void onlyOneFollowsIntoAStore() {
        assertThatThrownBy(() -> edge("edge"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("in use by process");
    }

    @Test
    void urlThatCannotBeFollowedIsRefused() {
        assertThatThrownBy(() -> new Edge(
                        directory.resolve("third"),
                        edition.store.key().publicKey(),
                        URI.create("s3://bucket/x"),
                        edition.clock))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("expected: http://");
    }

    private static PublicKey otherKey() throws Exception {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    }

    @Test
    void publicationOfAnotherKeyIsRefused() throws Exception {
        try (Edge other = new Edge(directory.resolve("other"), otherKey(), server.uri(), edition.clock)) {
            assertThatThrownBy(() -> other.follower.runNow())
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("current.json is not signed by the key");
            assertThat(other.served()).isZero();
        }
    }

    @Test
    void keyBesideThePublicationIsNotWhatIsTrusted() throws Exception {
        Edition impostor = new Edition(directory.resolve("impostor"));
        impostor.put("demo", 9);
        impostor.publish();
        impostor.close();
        edge.follower.runNow();
        for (String file : List.of("current.json", "mirror.pub", "generations/000001.json")) {
            Files.write(edition.web.resolve(file), Files.readAllBytes(impostor.web.resolve(file)));
        }

        assertThatThrownBy(() -> edge.follower.runNow()).hasMessageContaining("not signed");
        assertThat(SigningKey.publicKey(edition.web.resolve("mirror.pub")))
                .isNotEqualTo(edition.store.key().publicKey());
    }
}
