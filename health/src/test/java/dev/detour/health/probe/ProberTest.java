package dev.detour.health.probe;

import static dev.detour.health.probe.ProbeRig.clear;
import static dev.detour.health.probe.ProbeRig.probe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.detour.config.BackendConfig.Probe;
import dev.detour.config.BackendConfig.ProbeKind;
import dev.detour.health.failure.Failure;
import dev.detour.health.probe.ProbeRig.Heard;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProberTest {
    private static final Duration OFTEN = Duration.ofMillis(20);

    private final ProbeRig rig = new ProbeRig();
    private final FakeBackend backend = FakeBackend.clear();
    private final Heard heard = new Heard();

    @AfterEach
    void stop() {
        rig.close();
        backend.close();
    }

    private static Probe patient(int upAfter, int downAfter) {
        Probe probe = probe(ProbeKind.HTTP);
        return new Probe(
                probe.kind(), probe.path(), probe.statuses(), null, OFTEN, probe.timeout(), upAfter, downAfter);
    }

    @Test
    void verdictFlipsOnlyAfterSeveralInARow() throws Exception {
        Answer bad = Answer.status(503);
        Answer good = Answer.ok("");
        backend.answer(bad).answerNext(good, bad, bad, good, bad, bad, bad, good, bad, good, good);

        rig.prober.watch(clear(backend.port(), patient(2, 3)), heard);
        for (int i = 0; i < 14; i++) {
            heard.probe();
        }

        assertThat(heard.all)
                .startsWith("ok", "UP", "status_503", "status_503", "ok")
                .containsSequence("status_503", "status_503", "status_503", "DOWN status_503", "ok", "status_503", "ok")
                .containsSequence("ok", "ok", "UP", "status_503");
    }

    @Test
    void firstOutcomeDecidesAtOnce() throws Exception {
        backend.answer(Answer.status(500));

        rig.prober.watch(clear(backend.port(), patient(5, 5)), heard);

        assertThat(heard.verdict()).isEqualTo("DOWN status_500");
        assertThat(heard.all).startsWith("status_500", "DOWN status_500");
    }

    @Test
    void eachProbeHasItsOwnConnection() throws Exception {
        rig.prober.watch(clear(backend.port(), patient(1, 1)), heard);
        for (int i = 0; i < 3; i++) {
            heard.probe();
        }

        assertThat(backend.connections()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void slowProbesDoNotOverlap() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        backend.answer(wire -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            wire.pause(Duration.ofMillis(100));
            now.decrementAndGet();
            Answer.ok("").play(wire);
        });

        rig.prober.watch(clear(backend.port(), patient(1, 1)), heard);
        for (int i = 0; i < 4; i++) {
            assertThat(heard.probe()).isEqualTo("ok");
        }

        assertThat(most).hasValue(1);
    }

    @Test
    void probesBeginAPeriodApartEvenIfTheyTakeTime() throws Exception {
        backend.answer(Answer.delayed(Duration.ofMillis(150), Answer.ok("")));
        long start = System.nanoTime();

        rig.prober.watch(
                clear(backend.port(), probe(ProbeKind.HTTP, Duration.ofMillis(200), Duration.ofSeconds(2))), heard);
        for (int i = 0; i < 4; i++) {
            heard.probe();
        }

        // three periods and one answer: 750 ms; were the answer's time added to each period: 1200 ms
        long took = (System.nanoTime() - start) / 1_000_000;
        assertThat(took).isBetween(700L, 1_150L);
    }

    @Test
    void durationIsMeasuredWithTheGivenClock() throws Exception {
        ManualClock clock = ManualClock.create();
        backend.answer(wire -> {
            clock.advance(Duration.ofMillis(1234));
            Answer.ok("").play(wire);
        });
        try (Prober prober = new Prober(rig.loop, NioSocketChannel.class, clock.nanoTime(), () -> 0)) {
            prober.watch(clear(backend.port(), probe(ProbeKind.HTTP)), heard);

            assertThat(heard.probe()).isEqualTo("ok");
            assertThat(heard.nanos).isEqualTo(1_234_000_000L);
        }
    }

    @Test
    void cancelDuringAProbeClosesItsConnectionAndTellsNothing() throws Exception {
        backend.answer(Answer.hang());
        Watch watch =
                rig.prober.watch(clear(backend.port(), probe(ProbeKind.HTTP, OFTEN, Duration.ofMillis(300))), heard);
        backend.awaitHeads(1, ProbeRig.PATIENT);

        watch.cancel();
        watch.cancel();

        backend.awaitOpenConnections(0, Duration.ofMillis(250));
        // its time limit and the next probe would have come by now
        rig.loop.schedule(() -> {}, 400, TimeUnit.MILLISECONDS).sync();
        assertThat(heard.all).isEmpty();
        assertThat(backend.connections()).isEqualTo(1);
    }

    @Test
    void cancelInsideOnProbeKeepsTheVerdictBack() throws Exception {
        CompletableFuture<Watch> watch = new CompletableFuture<>();
        CountDownLatch probed = new CountDownLatch(1);
        ProbeListener listener = new ProbeListener() {
            @Override
            public void onProbe(@Nullable Failure failure, long nanos) {
                watch.join().cancel();
                probed.countDown();
            }

            @Override
            public void onVerdict(boolean up, @Nullable Failure failure) {
                heard.onVerdict(up, failure);
            }
        };
        watch.complete(rig.prober.watch(clear(backend.port(), patient(1, 1)), listener));
        assertThat(probed.await(5, TimeUnit.SECONDS)).isTrue();

        rig.loop.schedule(() -> {}, 100, TimeUnit.MILLISECONDS).sync();

        assertThat(heard.verdicts).isEmpty();
        assertThat(backend.connections()).isEqualTo(1);
    }

    @Test
    void closeEndsEveryWatch() throws Exception {
        try (FakeBackend other = FakeBackend.clear()) {
            backend.answer(Answer.hang());
            other.answer(Answer.hang());
            rig.prober.watch(clear(backend.port(), patient(1, 1)), heard);
            rig.prober.watch(clear(other.port(), patient(1, 1)), heard);
            backend.awaitHeads(1, ProbeRig.PATIENT);
            other.awaitHeads(1, ProbeRig.PATIENT);

            rig.prober.close();

            backend.awaitOpenConnections(0, ProbeRig.PATIENT);
            other.awaitOpenConnections(0, ProbeRig.PATIENT);
            assertThat(heard.all).isEmpty();
            assertThat(rig.loop.isShuttingDown()).isFalse();
        }
    }

    @Test
    void closedProberProbesNothing() throws Exception {
        rig.prober.close();

        rig.prober.watch(clear(backend.port(), patient(1, 1)), heard);

        rig.loop.schedule(() -> {}, 100, TimeUnit.MILLISECONDS).sync();
        assertThat(backend.connections()).isZero();
    }

    @Test
    void listenerThatThrowsDoesNotEndTheProbing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch twice = new CountDownLatch(2);
        rig.prober.watch(clear(backend.port(), patient(1, 1)), new ProbeListener() {
            @Override
            public void onProbe(@Nullable Failure failure, long nanos) {
                twice.countDown();
                throw new IllegalStateException("call " + calls.incrementAndGet());
            }

            @Override
            public void onVerdict(boolean up, @Nullable Failure failure) {
                heard.onVerdict(up, failure);
            }
        });

        assertThat(twice.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void targetThatCannotBeProbedIsRefused() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("index.example", 443);
        List<Probe> probes = List.of(probe(ProbeKind.TLS), probe(ProbeKind.HTTP));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProbeTarget(unresolved, false, "h", "h", probes.get(1), null))
                .withMessageContaining("expected: resolved");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clear(1, probes.get(0)))
                .withMessageContaining("expected: an https endpoint");
    }
}
