package dev.detour.mirror.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the queue takes, how much of it, and what it passes on. */
@Timeout(30)
class CaptureQueueTest {
    private static final MirrorResource.SimpleProject ALPHA = new MirrorResource.SimpleProject("alpha");

    @TempDir
    private Path directory = Path.of("");

    private final HandClock clock = new HandClock();
    private final RecordingObserver observer = new RecordingObserver();
    private final BlockingQueue<String> wanted = new LinkedBlockingQueue<>();
    /** Held up by {@link #hold}. */
    private final CountDownLatch entered = new CountDownLatch(1);

    private final CountDownLatch go = new CountDownLatch(1);
    private MirrorStore store;
    private CaptureQueue queue;

    @BeforeEach
    void open() throws StoreException {
        store = MirrorStore.open(directory, StoreSettings.defaults(), Clock.systemUTC());
        queue = start(CaptureSettings.defaults(), (project, page) -> List.of());
    }

    @AfterEach
    void close() throws StoreException {
        go.countDown();
        queue.close();
        store.close();
    }

    private CaptureQueue start(CaptureSettings settings, PageRule rule) {
        return CaptureQueue.start(store, rule, observer, wanted::add, settings, clock);
    }

    private static CapturedAnswer page(String project) {
        return Passing.simple(project, Passing.page(project, 1, ">=3.8", "1.0"));
    }

    /** A queue whose thread is busy with a page until the test says go. */
    private void hold(CaptureSettings settings) throws InterruptedException {
        queue.close();
        queue = start(settings, (project, page) -> {
            entered.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        });
        queue.offer(page("held"));
        entered.await();
    }

    @Test
    void whatIsOfferedIsWritten() throws StoreException {
        assertThat(queue.takes(ALPHA)).isTrue();
        queue.offer(page("alpha"));

        assertThat(observer.await(1)).containsExactly(CaptureOutcome.TAKEN);
        assertThat(store.live().page("alpha")).isNotNull();
    }

    @Test
    void theSameIsTakenAgainAfterAPause() {
        queue.offer(page("alpha"));
        assertThat(queue.takes(ALPHA)).isFalse();
        assertThat(queue.takes(new MirrorResource.SimpleProject("beta"))).isTrue();

        clock.turn(Duration.ofSeconds(5));

        assertThat(queue.takes(ALPHA)).isTrue();
    }

    @Test
    void onlyTheKindsThatAreKeptAreTaken() {
        queue.close();
        queue = start(CaptureSettings.defaults().copying(true, false, false), (project, page) -> List.of());

        assertThat(queue.takes(new MirrorResource.JsonProject("alpha"))).isTrue();
        assertThat(queue.takes(new MirrorResource.JsonRelease("alpha", "1.0"))).isFalse();
        assertThat(queue.takes(new MirrorResource.Provenance("alpha", "1.0", "f")))
                .isFalse();
        assertThat(queue.takes(new MirrorResource.SimpleIndex())).isFalse();
        assertThat(queue.takes(new MirrorResource.File("f"))).isFalse();
    }

    @Test
    void moreThanThereIsRoomForIsDroppedAndTheRestIsWritten() throws InterruptedException, StoreException {
        hold(CaptureSettings.defaults().withRoom(1 << 20, 2));
        queue.offer(page("alpha"));
        assertThat(queue.takes(new MirrorResource.SimpleProject("beta"))).isFalse();
        queue.offer(page("beta"));

        assertThat(observer.outcomes()).containsExactly(CaptureOutcome.DROPPED_FULL, CaptureOutcome.DROPPED_FULL);
        go.countDown();

        assertThat(observer.await(4).subList(2, 4)).containsOnly(CaptureOutcome.TAKEN);
        assertThat(store.live().page("alpha")).isNotNull();
        assertThat(store.live().page("beta")).isNull();
    }

    @Test
    void moreBytesThanThereIsRoomForAreDropped() throws InterruptedException {
        long size = page("held").body().capacity();
        hold(CaptureSettings.defaults().withRoom(size + 10, 100));

        queue.offer(page("alpha"));

        assertThat(observer.outcomes()).containsExactly(CaptureOutcome.DROPPED_FULL);
        assertThat(queue.waiting()).isEqualTo(1);
    }

    @Test
    void roomIsGivenBackWhateverBecomesOfAnAnswer() {
        CaptureSettings small = CaptureSettings.defaults().withRoom(1 << 20, 1);
        queue.close();
        queue = start(small, (project, page) -> {
            throw new IllegalStateException("on purpose");
        });
        for (int i = 1; i <= 3; i++) {
            queue.offer(page("alpha" + i));
            observer.await(i);
            while (queue.waiting() > 0) {
                Thread.onSpinWait();
            }
        }

        assertThat(observer.outcomes()).hasSize(3).containsOnly(CaptureOutcome.FAILED);
    }

    @Test
    void aProjectIsWantedOnceAWhileUnderOneName() throws InterruptedException {
        queue.wanted(new MirrorResource.SimpleProject("Alpha_Beta"));
        queue.wanted(new MirrorResource.SimpleProject("alpha-beta"));
        queue.wanted(new MirrorResource.SimpleProject("-no-name-"));
        clock.turn(Duration.ofMinutes(10));
        queue.wanted(new MirrorResource.SimpleProject("alpha.beta"));
        queue.wanted(new MirrorResource.SimpleProject("last"));

        assertThat(wanted.poll(10, TimeUnit.SECONDS)).isEqualTo("alpha-beta");
        assertThat(wanted.poll(10, TimeUnit.SECONDS)).isEqualTo("alpha-beta");
        assertThat(wanted.poll(10, TimeUnit.SECONDS)).isEqualTo("last");
    }

    @Test
    void aClosedQueueTakesNothing() {
        queue.close();

        assertThat(queue.takes(ALPHA)).isFalse();
        queue.offer(page("alpha"));
        queue.wanted(ALPHA);

        assertThat(queue.waiting()).isZero();
        assertThat(wanted).isEmpty();
    }
}
