package dev.detour.mirror.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sync, audit and capture write to one store at a time: what each decides rests on what it has read. */
class ConcurrentWritersTest {
    private static final Instant LATER = Pages.NOON.plusSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    private MirrorStore store;

    @BeforeEach
    void open() throws StoreException {
        store = MirrorStore.open(directory, StoreSettings.defaults(), Clock.systemUTC());
    }

    @AfterEach
    void close() throws StoreException {
        store.close();
    }

    @Test
    void aPageIsNotWrittenOverOneThatCameMeanwhile() throws StoreException {
        Pages.put(store, "alpha", 1);
        ProjectState read = store.live().state("alpha");
        Pages.put(store, "alpha", 3);

        byte[] between = Pages.page("alpha", 2);
        try (Change change = store.change()) {
            change.over("alpha", read).page("alpha", between, Pages.state(between, 2));

            assertThat(change.tryCommit()).isFalse();
        }

        assertThat(store.live().page("alpha")).isEqualTo(Pages.page("alpha", 3));
    }

    @Test
    void aPageThatWasExpectedToBeNewIsNotWrittenOverAnother() throws StoreException {
        Pages.put(store, "alpha", 3);

        byte[] page = Pages.page("alpha", 2);
        try (Change change = store.change()) {
            change.over("alpha", null).page("alpha", page, Pages.state(page, 2));

            assertThatThrownBy(change::commit)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("alpha");
        }

        assertThat(store.live().page("alpha")).isEqualTo(Pages.page("alpha", 3));
    }

    @Test
    void aPageIsWrittenOverTheOneThatWasRead() throws StoreException {
        Pages.put(store, "alpha", 1);
        ProjectState read = store.live().state("alpha");

        byte[] next = Pages.page("alpha", 2);
        try (Change change = store.change()) {
            change.over("alpha", read).page("alpha", next, Pages.state(next, 2));

            assertThat(change.tryCommit()).isTrue();
        }

        assertThat(store.live().page("alpha")).isEqualTo(next);
    }

    @Test
    void whatIsKnownOfAPageThatIsGoneIsNotSaidOfTheNext() throws StoreException {
        Pages.put(store, "alpha", 1);
        ProjectState read = Pages.state(Pages.page("alpha", 1), 1);
        Pages.put(store, "alpha", 2);

        try (Change change = store.change()) {
            change.state("alpha", read.audited(LATER)).commit();
        }

        assertThat(store.live().page("alpha")).isEqualTo(Pages.page("alpha", 2));
        assertThat(store.live().state("alpha")).isEqualTo(Pages.state(Pages.page("alpha", 2), 2));
    }

    @Test
    void whatIsKnownOfAPageThatStaysIsWritten() throws StoreException {
        Pages.put(store, "alpha", 1);
        ProjectState audited = Pages.state(Pages.page("alpha", 1), 1).audited(LATER);

        try (Change change = store.change()) {
            change.state("alpha", audited).commit();
        }

        assertThat(store.live().state("alpha")).isEqualTo(audited);
    }
}
