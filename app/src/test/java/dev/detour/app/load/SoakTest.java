package dev.detour.app.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.load.LoadClient;
import dev.detour.testkit.load.LoadIndex;
import dev.detour.testkit.load.LoadReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every endpoint changes its fault every second, for a minute, or for as many seconds as {@code detour.soak.seconds} says (600 with
 * {@code -Psoak}): nothing leaks, nothing hangs, and the books balance.
 *
 * <p>Buffers are counted by the leak check that ends every test class. Whether heap and direct memory are flat is measured
 * under load, after a collection: what is in progress is in it each time.
 */
class SoakTest {
    private static final int CONNECTIONS = 300;
    private static final int SECONDS = Integer.getInteger("detour.soak.seconds", 60);
    private static final int LAPS = 6;

    /** The deadline, 3 s; the queue of clients while most of them wait for it; and what a busy machine adds. */
    private static final Duration BOUND = Duration.ofSeconds(6);

    private static final long MIB = 1 << 20;

    private static final String SETTINGS = """
            tls: {trust: ca.pem}
            timeouts: {connect: 500ms, handshake: 1s, first-byte: 1s, between-bytes: 2s}
            deadline: 3s
            breaker: {window: 100, minimum-calls: 50, slow-call: 500ms, open-for: 500ms, ramp: 500ms}
            outlier: {eject-for: 1s, eject-at-most: 3s}
            """;

    @Test
    void nothingLeaksOrHangsAndTheBooksBalance(@TempDir Path directory) throws Exception {
        TestCertificates certificates = TestCertificates.create();
        certificates.writeCa(directory);
        SSLContext valid = certificates.server().serverContext();
        SSLContext expired = certificates.expired().serverContext();
        long sockets = Footprint.openSockets();

        try (LoadRig rig = LoadRig.start(directory, pages -> LoadIndex.tls(pages, valid), SETTINGS)) {
            // the first look at the certificates of the index is over, and its handshakes with it
            eventually("sources seen", 1, () -> rig.metrics().sum("detour_cert_source_up", "source=\"warehouse\""));
            eventually("handshakes in progress", 0, () -> openAtTheIndex(rig));
            long listening = Footprint.openSockets();
            long seed = System.nanoTime();
            System.out.println("soak: seed " + seed);
            List<Footprint> footprints = new ArrayList<>();
            LoadReport report = soak(rig, new FaultDice(new Random(seed), valid, expired), footprints);

            System.out.println("soak: " + report + ", " + rig.heads() + " requests came to the index"
                    + rig.metrics().lines("detour_attempts_total", "detour_retries_total", "detour_diverted_total"));
            assertClientsSawNothing(report);
            assertBooksBalance(rig, report);
            assertFlat(footprints);
            eventually("requests in progress", 0, () -> rig.metrics().sum("detour_backend_in_flight"));
            eventually("requests that wait", 0, () -> rig.metrics().sum("detour_backend_queued"));
            // a connection kept for later has both its ends in this process
            eventually("open sockets", listening, () -> Footprint.openSockets() - 2 * openAtTheIndex(rig));
        }

        eventually("open sockets", sockets, Footprint::openSockets);
    }

    private static LoadReport soak(LoadRig rig, FaultDice dice, List<Footprint> footprints) throws Exception {
        try (LoadClient client = rig.load(CONNECTIONS, rig.pages().everything())) {
            for (int lap = 1; lap <= LAPS; lap++) {
                for (int second = 0; second < SECONDS / LAPS; second++) {
                    rig.endpoints().forEach(dice::roll);
                    client.pass(Duration.ofSeconds(1));
                }
                footprints.add(Footprint.measure());
                System.out.println("soak, lap " + lap + ": " + footprints.get(lap - 1) + ", " + client.lap());
            }
            dice.heal(rig.endpoints());
            client.pass(Duration.ofSeconds(3));
            return client.finish(BOUND);
        }
    }

    private static void assertClientsSawNothing(LoadReport report) {
        assertThat(report.complaints()).isEmpty();
        assertThat(report.errors()).isZero();
        assertThat(report.slowestMillis()).isLessThan((double) BOUND.toMillis());
        // neither the breaker nor luck kept the one or the other away
        assertThat(report.answersFrom("backend")).isGreaterThan(report.answers() / 5);
        assertThat(report.answersFrom("mirror")).isGreaterThan(report.answers() / 100);
    }

    private static void assertBooksBalance(LoadRig rig, LoadReport report) throws Exception {
        // what a client has read has been written, but perhaps not been counted yet
        eventually("requests", report.answers(), () -> rig.metrics().requests());
        Metrics metrics = rig.metrics();
        for (String source : List.of("backend", "mirror")) {
            assertThat(metrics.sum("detour_requests_seconds_count", "source=\"" + source + '"'))
                    .as(source)
                    .isEqualTo(report.answersFrom(source));
        }
        assertThat(metrics.sum("detour_diverted_total")).isEqualTo(report.answersFrom("mirror"));
        assertThat(metrics.attempts("status_502", "status_503"))
                .isEqualTo(rig.endpoints().stream()
                        .mapToLong(LoadIndex::errorAnswers)
                        .sum());
        // answers that broke off while they were sent on count twice: as answered and as broken
        long sent = metrics.attempts() - metrics.attemptsUnsent() - report.broken();
        // a request may die with its connection before the index has read it
        long unread = metrics.attempts("reset", "closed");
        // a request that died with a kept connection is sent again: the index may have read it the first time
        long repeats = metrics.sum("detour_repeats_total");
        assertThat(rig.heads()).isBetween(sent - unread, sent + repeats);
    }

    /** The first lap has the warming up in it; from then on nothing grows. */
    private static void assertFlat(List<Footprint> footprints) {
        Footprint first = footprints.get(0);
        Footprint last = footprints.get(footprints.size() - 1);
        assertThat(last.heap()).as("heap: %s", footprints).isLessThan(first.heap() + 8 * MIB);
        assertThat(last.direct()).as("direct memory: %s", footprints).isLessThan(first.direct() + 16 * MIB);
    }

    private static long openAtTheIndex(LoadRig rig) {
        return rig.endpoints().stream().mapToLong(LoadIndex::openConnections).sum();
    }

    private static void eventually(String what, long expected, Callable<Long> value) throws Exception {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (value.call() != expected && System.nanoTime() < deadline) {
            LockSupport.parkNanos(20_000_000);
        }
        assertThat(value.call()).as(what).isEqualTo(expected);
    }
}
