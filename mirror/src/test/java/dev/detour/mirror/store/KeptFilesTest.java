package dev.detour.mirror.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept beside pages goes with what names it. */
class KeptFilesTest {
    private static final String WHEEL = "aa/bb/alpha-1.0-py3-none-any.whl";

    @TempDir
    private Path directory = Path.of("");

    private final TurnedClock clock = new TurnedClock();
    private MirrorStore store;

    private static final class TurnedClock extends Clock {
        private Instant now = Pages.NOON;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void keepOneWheelWithAllThatBelongsToIt() throws IOException {
        store = MirrorStore.open(directory, StoreSettings.defaults().withKeep(2), clock);
        byte[] page = page(1, "https://files.example.org/packages/" + WHEEL, "1.0");
        try (Change change = store.change()) {
            change.listHead(Pages.head(1))
                    .listed(Pages.entry("alpha", 1))
                    .file(WHEEL, kept("wheel"))
                    .file(WHEEL + ".metadata", kept("metadata"))
                    .release("alpha", "1.0", new byte[] {1})
                    .provenance("alpha", "1.0", "alpha-1.0-py3-none-any.whl", new byte[] {2})
                    .page("alpha", page, Pages.state(page, 1))
                    .commit();
        }
    }

    @AfterEach
    void close() throws StoreException {
        store.close();
    }

    private StoredFile kept(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StoredFile file = new StoredFile(Sha256.hex(bytes), bytes.length);
        store.files().put(file.sha256(), file.size(), new ByteArrayInputStream(bytes));
        Files.setLastModifiedTime(
                Objects.requireNonNull(store.files().path(file.sha256())), FileTime.from(clock.instant()));
        return file;
    }

    private static byte[] page(long serial, String url, String version) {
        String filename = url.substring(url.lastIndexOf('/') + 1);
        return ("{\"files\":[{\"filename\":\"" + filename + "\",\"hashes\":{},\"provenance\":"
                        + "\"https://index.example.org/integrity/alpha/" + version + "/" + filename
                        + "/provenance\",\"url\":\"" + url + "\"}],\"meta\":{\"_last-serial\":" + serial
                        + ",\"api-version\":\"1.4\"},\"name\":\"alpha\",\"versions\":[\"" + version + "\"]}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void replaceBy(byte[] page, long serial) throws StoreException {
        try (Change change = store.change()) {
            change.page("alpha", page, Pages.state(page, serial)).commit();
        }
    }

    private boolean isKept(String text) {
        return store.files().path(Sha256.hex(text.getBytes(StandardCharsets.UTF_8))) != null;
    }

    @Test
    void whatThePageStillNamesIsKept() throws StoreException {
        replaceBy(page(2, "../../packages/" + WHEEL, "1.0"), 2);

        StoreView live = store.live();
        assertThat(live.file(WHEEL)).isNotNull();
        assertThat(live.file(WHEEL + ".metadata")).isNotNull();
        assertThat(live.release("alpha", "1.0")).containsExactly(1);
        assertThat(live.provenance("alpha", "1.0", "alpha-1.0-py3-none-any.whl"))
                .containsExactly(2);
    }

    @Test
    void whatThePageNamesNoLongerIsServedNoLonger() throws StoreException {
        replaceBy(page(2, "https://files.example.org/packages/cc/dd/alpha-2.0-py3-none-any.whl", "2.0"), 2);

        StoreView live = store.live();
        assertThat(live.file(WHEEL)).isNull();
        assertThat(live.file(WHEEL + ".metadata")).isNull();
        assertThat(live.release("alpha", "1.0")).isNull();
        assertThat(live.provenance("alpha", "1.0", "alpha-1.0-py3-none-any.whl"))
                .isNull();
    }

    @Test
    void theFilesOfARemovedProjectAreServedNoLonger() throws StoreException {
        try (Change change = store.change()) {
            change.remove("alpha").commit();
        }

        assertThat(store.live().file(WHEEL)).isNull();
        assertThat(store.live().file(WHEEL + ".metadata")).isNull();
    }

    @Test
    void whatAGenerationNamesStaysUntilItIsDropped() throws StoreException {
        store.seal(clock.instant());
        try (Change change = store.change()) {
            change.remove("alpha").commit();
        }
        clock.now = clock.now.plus(Duration.ofDays(2));
        store.seal(clock.instant());

        assertThat(isKept("wheel")).isTrue();

        for (long serial = 10; serial < 12; serial++) {
            clock.now = clock.now.plus(Duration.ofDays(2));
            Pages.put(store, "beta", serial);
            store.seal(clock.instant());
        }
        assertThat(isKept("wheel")).isFalse();
        assertThat(isKept("metadata")).isFalse();
        assertThat(store.files().used()).isZero();
    }

    @Test
    void whatHasJustComeWaitsForThePageThatNamesIt() throws IOException {
        clock.now = clock.now.plus(Duration.ofDays(2));
        StoredFile early = kept("early");

        store.seal(clock.instant());

        assertThat(store.files().path(early.sha256())).isNotNull();
        assertThat(isKept("wheel")).isTrue();
    }
}
