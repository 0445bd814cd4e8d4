package dev.detour.mirror.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.SigningKey;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {
    @TempDir
    Path directory;

    Edition edition;

    @BeforeEach
    void makeStore() throws StoreException {
        edition = new Edition(directory);
        edition.put("demo", 1);
    }

    @AfterEach
    void closeStore() throws StoreException {
        edition.close();
    }

    private List<Path> objects() throws IOException {
        try (Stream<Path> walk = Files.walk(edition.web.resolve("objects"))) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private PublishedPointer pointer() throws IOException {
        return PublishedPointer.verified(
                Files.readAllBytes(edition.web.resolve("current.json")),
                SigningKey.publicKey(edition.web.resolve("mirror.pub")),
                "current.json");
    }

    private PublishedGeneration generation(long number) throws IOException {
        return PublishedGeneration.parse(
                Files.readAllBytes(edition.web.resolve(PublishedGeneration.path(number))), "generation");
    }

    @Test
    void everyObjectHasTheHashItIsCalledBy() throws Exception {
        edition.publish();

        for (Path object : objects()) {
            assertThat(object).hasFileName(HashCache.hash(object));
            assertThat(object.getParent()).hasFileName(HashCache.hash(object).substring(0, 2));
        }
        assertThat(generation(1).files())
                .allSatisfy(file -> assertThat(edition.web.resolve(file.path())).hasSize(file.size()))
                .anySatisfy(file -> assertThat(file.name()).endsWith(".sst"));
    }

    @Test
    void pointerIsSignedAndSaysWhatAndHowLong() throws Exception {
        edition.publish();
        byte[] json = Files.readAllBytes(edition.web.resolve("generations/000001.json"));

        assertThat(pointer().generation()).isEqualTo(1);
        assertThat(pointer().size()).isEqualTo(json.length);
        assertThat(pointer().confirmedAt()).isEqualTo(Edition.NOON);
        assertThat(pointer().expires()).isEqualTo(Edition.NOON.plus(Duration.ofHours(6)));
    }

    @Test
    void onlyNewObjectsAreWritten() throws Exception {
        Publication.Outcome first = edition.publish();
        FileTime early = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        List<Path> before = objects();
        for (Path object : before) {
            Files.setLastModifiedTime(object, early);
        }

        Publication.Outcome second = edition.publishWith("other", 2);

        assertThat(first.kept()).isZero();
        assertThat(second.kept()).isPositive();
        assertThat(second.added()).isPositive();
        for (Path object : before) {
            assertThat(Files.getLastModifiedTime(object)).isEqualTo(early);
        }
    }

    @Test
    void tablesThatWereHashedBeforeAreNotReadAgain() throws Exception {
        edition.publish();
        List<String> hashed = new ArrayList<>();
        try (Generation.Lease lease =
                Objects.requireNonNull(edition.store.generations().current())) {
            for (Path file : lease.generation().files()) {
                if (file.toString().endsWith(".sst")) {
                    FileTime modified = Files.getLastModifiedTime(file);
                    byte[] content = Files.readAllBytes(file);
                    // not seen if the size and the time are as they were: only a file that is not read is taken so
                    content[0] ^= 1;
                    Files.write(file, content);
                    Files.setLastModifiedTime(file, modified);
                    hashed.add(HashCache.beside(lease.generation().directory()).of(file));
                }
            }
        }

        assertThat(hashed).isNotEmpty();
        assertThat(generation(1).files()).extracting(PublishedFile::sha256).containsAll(hashed);
    }

    @Test
    void tableThatChangedIsNotPublishedUnderItsOldHash() throws Exception {
        edition.store.seal(Edition.NOON);
        try (Generation.Lease lease =
                Objects.requireNonNull(edition.store.generations().current())) {
            Path table = lease.generation().files().stream()
                    .filter(file -> file.toString().endsWith(".sst"))
                    .findFirst()
                    .orElseThrow();
            HashCache cache = HashCache.beside(lease.generation().directory());
            cache.of(table);
            cache.save();
            FileTime modified = Files.getLastModifiedTime(table);
            byte[] content = Files.readAllBytes(table);
            content[0] ^= 1;
            Files.write(table, content);
            Files.setLastModifiedTime(table, modified);
        }

        assertThatThrownBy(() -> edition.publishCurrent()).hasMessageContaining("does not have the hash");
        assertThat(edition.web.resolve("current.json")).doesNotExist();
    }

    @Test
    void laterConfirmationReplacesThePointerOnly() throws Exception {
        edition.publish();
        edition.clock.pass(Duration.ofMinutes(5));

        Publication.Outcome outcome = edition.publish();

        assertThat(outcome.generation()).isEqualTo(1);
        assertThat(outcome.added()).isZero();
        assertThat(pointer().confirmedAt()).isEqualTo(Edition.NOON.plus(Duration.ofMinutes(5)));
    }

    @Test
    void earlierGenerationIsRefused() throws Exception {
        edition.publish();
        edition.publishWith("other", 2);
        edition.store.generations().use(1, true);

        assertThatThrownBy(() -> edition.publishCurrent())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("current.json has generation 2")
                .hasMessageContaining("later one than generation 1");
        assertThat(pointer().generation()).isEqualTo(2);
    }

    @Test
    void asManyGenerationsRemainAsAreKept() throws Exception {
        edition.publish();
        edition.publishWith("b", 2);
        edition.publishWith("c", 3);

        try (Stream<Path> files = Files.list(edition.web.resolve("generations"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("000002.json", "000003.json");
        }
    }

    @Test
    void objectsNobodyNeedsAreRemovedAfterTheGraceTime() throws Exception {
        edition.publish();
        List<String> first =
                generation(1).files().stream().map(PublishedFile::path).toList();
        edition.publishWith("b", 2);
        Publication.Outcome retiring = edition.publishWith("c", 3);
        List<String> wanted = Stream.of(generation(2), generation(3))
                .flatMap(generation -> generation.files().stream())
                .map(PublishedFile::path)
                .toList();
        List<String> unwanted =
                first.stream().filter(path -> !wanted.contains(path)).toList();
        List<String> remaining = unwanted.stream()
                .filter(path -> Files.exists(edition.web.resolve(path)))
                .toList();
        edition.clock.pass(Duration.ofMinutes(61));
        Publication.Outcome cleaning = edition.publish();

        assertThat(unwanted).isNotEmpty();
        assertThat(remaining).isEqualTo(unwanted);
        assertThat(retiring.removed()).isZero();
        assertThat(cleaning.removed()).isEqualTo(unwanted.size());
        assertThat(unwanted).noneMatch(path -> Files.exists(edition.web.resolve(path)));
        assertThat(wanted).allMatch(path -> Files.exists(edition.web.resolve(path)));
    }

    @Test
    void whatAKilledPublicationLeftIsRemoved() throws Exception {
        edition.publish();
        Path left = objects().get(0).resolveSibling(".new-" + "ab".repeat(32));
        Files.writeString(left, "half");

        edition.publish();

        assertThat(left).doesNotExist();
    }

    @Test
    void onlyOneProcessPublishes() throws Exception {
        edition.publish();
        StoreLock other = StoreLock.take(edition.web.resolve(".lock"), "the web", "");

        assertThatThrownBy(() -> edition.publishCurrent())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("in use by process");
        other.close();
    }

    /** A copying tool, or a publication that is killed, file by file in the order of writing. */
    @Test
    void everyMomentOfAPublicationCanBeFollowed() throws Exception {
        edition.publish();
        Path copy = directory.resolve("copy");
        copyAll(edition.web, copy, List.of("objects", "generations", "current.json"));
        edition.publishWith("other", 2);
        List<Long> served = new ArrayList<>();
        try (Edge edge =
                new Edge(directory.resolve("edge"), edition.store.key().publicKey(), copy.toUri(), edition.clock)) {
            for (String part : List.of("objects", "generations", "current.json")) {
                for (Path file : filesOf(edition.web.resolve(part))) {
                    Path target = copy.resolve(edition.web.relativize(file).toString());
                    boolean fresh = !Files.exists(target) || part.equals("current.json");
                    if (fresh) {
                        Files.createDirectories(target.getParent());
                        Files.write(target, Files.readAllBytes(file));
                        edge.follower.runNow();
                        served.add(edge.served());
                    }
                }
            }
            assertThat(edge.page("other")).isEqualTo(new String(Edition.page("other", 2), StandardCharsets.UTF_8));
        }

        assertThat(served).hasSizeGreaterThan(3);
        assertThat(served.subList(0, served.size() - 1)).containsOnly(1L);
        assertThat(served).endsWith(2L);
    }

    private static List<Path> filesOf(Path path) throws IOException {
        try (Stream<Path> walk = Files.walk(path)) {
            return walk.filter(Files::isRegularFile)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private static void copyAll(Path from, Path to, List<String> parts) throws IOException {
        for (String part : parts) {
            for (Path file : filesOf(from.resolve(part))) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
