package dev.detour.mirror.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.mirror.page.SimpleFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorStoreTest {
    private static final Instant LATER = Pages.NOON.plusSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    private MirrorStore store;

    @BeforeEach
    void open() throws StoreException {
        store = reopen();
    }

    @AfterEach
    void close() throws StoreException {
        store.close();
    }

    private MirrorStore reopen() throws StoreException {
        return MirrorStore.open(directory, StoreSettings.defaults().withKeep(3), Clock.systemUTC());
    }

    private byte[] served(String project) throws StoreException {
        try (Generation.Lease lease = Objects.requireNonNull(store.generations().current())) {
            byte[] page = lease.generation().view().page(project);
            return page == null ? new byte[0] : page;
        }
    }

    private long current() {
        try (Generation.Lease lease = store.generations().current()) {
            return lease == null ? 0 : lease.generation().number();
        }
    }

    @Test
    void whatIsWrittenIsServedOnceItIsSealed() throws StoreException {
        Pages.put(store, "alpha", 1);

        assertThat(store.generations().current()).isNull();
        store.seal(Pages.NOON);

        assertThat(served("alpha")).isEqualTo(Pages.page("alpha", 1));
    }

    @Test
    void aSealedStateStaysAsItIsWhileTheLiveOneIsWritten() throws StoreException {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);

        Pages.put(store, "alpha", 2);

        assertThat(served("alpha")).isEqualTo(Pages.page("alpha", 1));
        assertThat(store.live().page("alpha")).isEqualTo(Pages.page("alpha", 2));
    }

    @Test
    void everythingOfAProjectIsReadBack() throws StoreException {
        byte[] page = Pages.page("alpha", 1);
        Task task = new Task(
                "beta", Task.Reason.NEW, Pages.entry("beta", 3), 2, LATER, Pages.NOON, "the index answered 500");
        try (Change change = store.change()) {
            change.page("alpha", page, Pages.state(page, 1))
                    .listed(Pages.entry("alpha", 1))
                    .document("alpha", new byte[] {1})
                    .release("alpha", "1.0", new byte[] {2})
                    .provenance("alpha", "1.0", "alpha-1.0.tar.gz", new byte[] {3})
                    .file("ab/cd/alpha-1.0.tar.gz", new StoredFile("f".repeat(64), 12))
                    .task(task)
                    .commit();
        }

        StoreView live = store.live();
        assertThat(live.state("alpha")).isEqualTo(Pages.state(page, 1));
        assertThat(live.listed("alpha")).isEqualTo(Pages.entry("alpha", 1));
        assertThat(live.document("alpha")).containsExactly(1);
        assertThat(live.release("alpha", "1.0")).containsExactly(2);
        assertThat(live.provenance("alpha", "1.0", "alpha-1.0.tar.gz")).containsExactly(3);
        assertThat(live.file("ab/cd/alpha-1.0.tar.gz")).isEqualTo(new StoredFile("f".repeat(64), 12));
        assertThat(live.task("beta")).isEqualTo(task);
    }

    @Test
    void aRemovedProjectLeavesNothingAndTakesNoOtherWithIt() throws StoreException {
        byte[] page = Pages.page("alpha-two", 1);
        try (Change change = store.change()) {
            change.page("alpha-two", page, Pages.state(page, 1))
                    .release("alpha", "1.0", new byte[] {2})
                    .release("alpha-two", "1.0", new byte[] {4})
                    .provenance("alpha", "1.0", "f", new byte[] {3})
                    .commit();
        }
        Pages.put(store, "alpha", 1);

        try (Change change = store.change()) {
            change.remove("alpha").commit();
        }

        StoreView live = store.live();
        assertThat(live.page("alpha")).isNull();
        assertThat(live.listed("alpha")).isNull();
        assertThat(live.release("alpha", "1.0")).isNull();
        assertThat(live.provenance("alpha", "1.0", "f")).isNull();
        assertThat(live.page("alpha-two")).isEqualTo(page);
        assertThat(live.release("alpha-two", "1.0")).containsExactly(4);
    }

    @Test
    void aChangeThatIsNotCommittedNeverWas() throws StoreException {
        try (Change change = store.change()) {
            change.document("alpha", new byte[] {1});
        }

        assertThat(store.live().document("alpha")).isNull();
    }

    @Test
    void aSealWithoutChangesConfirmsTheGenerationThatIsThere() throws StoreException {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);

        long number = store.seal(LATER);

        assertThat(number).isEqualTo(1);
        try (Generation.Lease lease = Objects.requireNonNull(store.generations().current())) {
            assertThat(lease.generation().confirmedAt()).isEqualTo(LATER);
        }
    }

    @Test
    void bookkeepingMakesNoGeneration() throws StoreException {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);

        try (Change change = store.change()) {
            change.state("alpha", Pages.state(Pages.page("alpha", 1), 1))
                    .done("alpha")
                    .commit();
        }

        assertThat(store.seal(LATER)).isEqualTo(1);
    }

    @Test
    void theNewestAreKept() throws StoreException {
        for (int serial = 1; serial <= 5; serial++) {
            Pages.put(store, "alpha", serial);
            store.seal(Pages.NOON);
        }

        assertThat(store.generations().list())
                .extracting(Generations.Summary::number)
                .containsExactly(3L, 4L, 5L);
    }

    @Test
    void aRollbackServesTheEarlierStateAtOnceAndKeepsToIt() throws StoreException {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);
        Pages.put(store, "alpha", 2);
        store.seal(Pages.NOON);

        store.generations().use(1, true);
        Pages.put(store, "alpha", 3);
        store.seal(LATER);

        assertThat(served("alpha")).isEqualTo(Pages.page("alpha", 1));
        store.generations().unpin();
        assertThat(served("alpha")).isEqualTo(Pages.page("alpha", 3));
    }

    @Test
    void aRollbackToWhatIsNotThereChangesNothing() throws StoreException {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);

        assertThatThrownBy(() -> store.generations().use(7, true))
                .hasMessage("there is no generation 7 (expected: one of [1])");

        assertThat(current()).isEqualTo(1);
    }

    @Test
    void aReaderKeepsAGenerationThatIsDropped() throws StoreException {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);
        try (Generation.Lease lease = Objects.requireNonNull(store.generations().current())) {
            for (int serial = 2; serial <= 6; serial++) {
                Pages.put(store, "alpha", serial);
                store.seal(Pages.NOON);
            }

            assertThat(lease.generation().directory()).doesNotExist();
            assertThat(lease.generation().view().page("alpha")).isEqualTo(Pages.page("alpha", 1));
        }
    }

    @Test
    void aRestartServesTheSameAndKeepsWhatWasNotSealed() throws StoreException {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);
        Pages.put(store, "alpha", 2);
        store.close();

        store = reopen();

        assertThat(served("alpha")).isEqualTo(Pages.page("alpha", 1));
        assertThat(store.live().page("alpha")).isEqualTo(Pages.page("alpha", 2));
        assertThat(store.seal(LATER)).isEqualTo(2);
        assertThat(served("alpha")).isEqualTo(Pages.page("alpha", 2));
    }

    @Test
    void onlyOneMayWrite() {
        assertThatThrownBy(this::reopen)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(
                        "is in use by process " + ProcessHandle.current().pid());
    }

    @Test
    void anotherProcessReadsAndSeesASwitch() throws StoreException {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);
        try (Generations reader = Generations.open(directory, StoreSettings.defaults());
                Generation.Lease lease = Objects.requireNonNull(reader.current())) {
            assertThat(lease.generation().view().page("alpha")).isEqualTo(Pages.page("alpha", 1));
        }
    }

    @Test
    void aGenerationWithAnotherManifestIsNotServedButTheOneBefore() throws IOException {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);
        Pages.put(store, "alpha", 2);
        store.seal(Pages.NOON);
        store.close();
        Path manifest = directory.resolve("generations/000002/manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"listed\":1", "\"listed\":2"));

        store = reopen();

        assertThat(served("alpha")).isEqualTo(Pages.page("alpha", 1));
        assertThat(store.generations().list().get(1).problem()).contains("is not signed by the key of this mirror");
    }

    @Test
    void aGenerationWithTheRowsOfAnotherIsNotServed() throws IOException {
        Pages.put(store, "alpha", 1);
        store.seal(Pages.NOON);
        Pages.put(store, "alpha", 2);
        store.seal(Pages.NOON);
        store.close();
        for (String file : List.of("manifest.json", "manifest.sig")) {
            Path generations = directory.resolve("generations");
            Files.copy(
                    generations.resolve("000001").resolve(file),
                    generations.resolve("000002").resolve(file),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }

        store = reopen();

        assertThat(served("alpha")).isEqualTo(Pages.page("alpha", 1));
    }

    @Test
    void theListIsThereInBothForms() throws IOException {
        Pages.put(store, "beta", 7);
        Pages.put(store, "alpha", 8);
        store.seal(Pages.NOON);

        try (Generation.Lease lease = Objects.requireNonNull(store.generations().current())) {
            assertThat(lease.generation().index(SimpleFormat.V1_JSON))
                    .hasContent("{\"meta\":{\"_last-serial\":8,\"api-version\":\"1.4\"},\"projects\":["
                            + "{\"_last-serial\":8,\"name\":\"alpha\"},{\"_last-serial\":7,\"name\":\"beta\"}]}\n");
            assertThat(Files.readString(lease.generation().index(SimpleFormat.TEXT_HTML)))
                    .contains("<a href=\"/simple/alpha/\">alpha</a>\n<a href=\"/simple/beta/\">beta</a>\n");
        }
    }

    @Test
    void leftoversOfASealThatWasKilledAreInNobodysWay() throws IOException {
        Path unfinished = directory.resolve("generations/.000001");
        Files.createDirectories(unfinished);
        Files.writeString(unfinished.resolve("CURRENT"), "half");
        Pages.put(store, "alpha", 1);

        store.seal(Pages.NOON);

        assertThat(served("alpha")).isEqualTo(Pages.page("alpha", 1));
    }

    @Test
    void switchesUnderReadersNeverShowAMixedState() throws Exception {
        Pages.put(store, "alpha", 1);
        Pages.put(store, "beta", 1);
        store.seal(Pages.NOON);
        List<String> mixed = new ArrayList<>();
        Thread reader = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try (Generation.Lease lease =
                        Objects.requireNonNull(store.generations().current())) {
                    StoreView view = lease.generation().view();
                    long one =
                            Objects.requireNonNull(view.state("alpha")).serial().orElse(0);
                    long other =
                            Objects.requireNonNull(view.state("beta")).serial().orElse(0);
                    if (one != other) {
                        mixed.add(one + " and " + other);
                    }
                } catch (StoreException e) {
                    mixed.add(e.toString());
                }
            }
        });
        reader.start();

        for (int serial = 2; serial <= 40; serial++) {
            Pages.put(store, "alpha", serial);
            Pages.put(store, "beta", serial);
            store.seal(Pages.NOON);
        }
        reader.interrupt();
        reader.join();

        assertThat(mixed).isEmpty();
    }
}
