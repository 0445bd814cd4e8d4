package dev.detour.health.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import dev.detour.health.tls.PeerValidity;
import dev.detour.health.tls.TlsReason;
import dev.detour.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SiblingsTest {
    private static final Failure REFUSED = Failure.of(FailureKind.REFUSED, "connection refused");
    private static final Failure BROKEN = Failure.status(502);
    private static final Failure EXPIRED =
            Failure.tls(TlsReason.EXPIRED, "certificate CN=index.test expired 2025-12-31T00:00:00Z");
    private static final long FAST = Duration.ofMillis(20).toNanos();
    private static final int CONSECUTIVE = 3;
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration EJECT_FOR = Duration.ofSeconds(30);
    private static final Duration EJECT_AT_MOST = Duration.ofSeconds(100);
    private static final Duration SLOW_START = Duration.ofSeconds(20);
    private static final Duration MARGIN = Duration.ofHours(1);

    private final ManualClock clock = ManualClock.create();
    private final List<String> told = new ArrayList<>();
    private final Siblings siblings = siblings(0.5);
    private final EndpointHealth first = siblings.join("first", true);

    private Siblings siblings(double maxEjected) {
        return new Siblings(
                "index",
                new BackendConfig.Outlier(CONSECUTIVE, 0.5, 10, 3, INTERVAL, EJECT_FOR, EJECT_AT_MOST, maxEjected),
                SLOW_START,
                MARGIN,
                clock,
                clock.nanoTime(),
                (backend, endpoint, from, to, because) -> told.add(backend + " " + endpoint + " " + from.label() + ">"
                        + to.label() + " " + (because == null ? "-" : because.label())));
    }

    @Test
    void isUpUntilSomethingIsKnown() {
        assertThat(first.standing()).isEqualTo(Standing.UP);
        assertThat(first.since()).isEqualTo(clock.instant());
        assertThat(first.failure()).isNull();
        assertThat(first.lastGood()).isNull();
        assertThat(first.until()).isNull();
    }

    @Test
    void consecutiveFailuresEject() {
        siblings.join("second", true);

        fail(first, BROKEN, CONSECUTIVE);

        assertThat(first.standing()).isEqualTo(Standing.EJECTED);
        assertThat(first.failure()).isEqualTo(BROKEN);
        assertThat(first.until()).isEqualTo(clock.instant().plus(EJECT_FOR));
        assertThat(told).containsExactly("index first up>ejected status_502");
    }

    @Test
    void goodAnswerBreaksTheRow() {
        siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE - 1);
        first.succeeded(FAST);

        fail(first, BROKEN, CONSECUTIVE - 1);

        assertThat(first.standing()).isEqualTo(Standing.UP);
        assertThat(first.failure()).isEqualTo(BROKEN);
    }

    @Test
    void onlyEndpointIsNeverEjected() {
        fail(first, BROKEN, 50);

        assertThat(first.standing()).isEqualTo(Standing.UP);
        assertThat(told).isEmpty();
    }

    @Test
    void onlyEndpointIsRejectedAllTheSame() {
        fail(first, EXPIRED, 1);

        assertThat(first.standing()).isEqualTo(Standing.REJECTED);
    }

    @Test
    void deterministicTlsFailureRejectsAtOnceAndNamesTheCertificate() {
        EndpointHealth second = siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE);

        fail(second, EXPIRED, 1);

        assertThat(second.standing()).isEqualTo(Standing.REJECTED);
        assertThat(second.failure()).isEqualTo(EXPIRED);
        assertThat(second.until()).isEqualTo(clock.instant().plus(EJECT_FOR));
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsReason.class,
            names = {"REVOCATION_UNKNOWN", "TIMEOUT", "CLOSED", "RESET", "BAD_RECORD", "REFUSED", "OTHER"})
    void transientTlsFailureIsOneFailureAmongOthers(TlsReason reason) {
        siblings.join("second", true);
        Failure failure = Failure.tls(reason, "handshake failed");

        fail(first, failure, CONSECUTIVE - 1);
        Standing before = first.standing();
        fail(first, failure, 1);

        assertThat(before).isEqualTo(Standing.UP);
        assertThat(first.standing()).isEqualTo(Standing.EJECTED);
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsReason.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"REVOCATION_UNKNOWN", "TIMEOUT", "CLOSED", "RESET", "BAD_RECORD", "REFUSED", "OTHER"})
    void everyReasonThatNoRetryMendsRejects(TlsReason reason) {
        fail(first, Failure.tls(reason, "handshake failed"), 1);

        assertThat(first.standing()).isEqualTo(Standing.REJECTED);
    }

    @Test
    void probeThatMeetsADeterministicTlsFailureRejectsToo() {
        first.probed(EXPIRED);

        assertThat(first.standing()).isEqualTo(Standing.REJECTED);
        assertThat(first.failure()).isEqualTo(EXPIRED);
    }

    @Test
    void ejectedEndpointWhoseCertificateExpiresIsRejected() {
        siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE);
        clock.advance(Duration.ofSeconds(10));

        fail(first, EXPIRED, 1);

        assertThat(first.standing()).isEqualTo(Standing.REJECTED);
        assertThat(first.until()).isEqualTo(clock.instant().plus(EJECT_FOR));
    }

    @Test
    void noMoreThanMaxEjectedGo() {
        EndpointHealth second = siblings.join("second", true);
        EndpointHealth third = siblings.join("third", true);
        EndpointHealth fourth = siblings.join("fourth", true);

        for (EndpointHealth each : List.of(first, second, third, fourth)) {
            fail(each, BROKEN, 10);
        }

        assertThat(List.of(first, second, third, fourth))
                .extracting(EndpointHealth::standing)
                .containsExactly(Standing.EJECTED, Standing.EJECTED, Standing.UP, Standing.UP);
    }

    @Test
    void oneOfSeveralMayAlwaysGo() {
        Siblings strict = siblings(0.01);
        EndpointHealth one = strict.join("one", true);
        EndpointHealth other = strict.join("other", true);

        fail(one, BROKEN, CONSECUTIVE);
        fail(other, BROKEN, CONSECUTIVE);

        assertThat(one.standing()).isEqualTo(Standing.EJECTED);
        assertThat(other.standing()).isEqualTo(Standing.UP);
    }

    @Test
    void ejectionEndsAfterItsTime() {
        siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE);

        after(EJECT_FOR.minusMillis(1));
        Standing before = first.standing();
        after(Duration.ofMillis(1));

        assertThat(before).isEqualTo(Standing.EJECTED);
        assertThat(first.standing()).isEqualTo(Standing.UP);
        assertThat(first.until()).isNull();
        assertThat(told).containsExactly("index first up>ejected status_502", "index first ejected>up -");
    }

    @Test
    void eachEjectionInARowLastsLongerUpToTheLongest() {
        siblings.join("second", true);
        List<Duration> lengths = new ArrayList<>();

        for (int i = 0; i < 6; i++) {
            fail(first, BROKEN, CONSECUTIVE);
            Duration length = Duration.between(clock.instant(), first.until());
            lengths.add(length);
            after(length);
        }

        assertThat(lengths).extracting(Duration::toSeconds).containsExactly(30L, 60L, 90L, 100L, 100L, 100L);
    }

    @Test
    void ejectionsBeyondTheLongestDoNotTakeLongerToBeForgotten() {
        siblings.join("second", true);
        for (int i = 0; i < 10; i++) {
            fail(first, BROKEN, CONSECUTIVE);
            after(EJECT_AT_MOST);
        }

        // four times make up the longest; two healthy intervals leave two
        after(INTERVAL);
        after(INTERVAL);
        fail(first, BROKEN, CONSECUTIVE);

        assertThat(Duration.between(clock.instant(), first.until())).isEqualTo(EJECT_FOR.multipliedBy(3));
    }

    @Test
    void healthyIntervalsTakeEjectionsOffTheCount() {
        siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE);
        after(EJECT_FOR);
        fail(first, BROKEN, CONSECUTIVE);
        after(EJECT_FOR.multipliedBy(2));

        // the interval in which it came back does not count: it was not up all the time
        after(INTERVAL);
        after(INTERVAL);
        fail(first, BROKEN, CONSECUTIVE);

        assertThat(first.until())
                .isBetween(clock.instant().plus(EJECT_FOR), clock.instant().plus(EJECT_FOR));
    }

    @Test
    void comesBackLittleByLittle() {
        siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE);
        after(EJECT_FOR);
        double cold = warmth(first);
        after(SLOW_START.dividedBy(2));
        double half = warmth(first);
        after(SLOW_START.dividedBy(2));

        assertThat(cold).isEqualTo(0.1, within(0.001));
        assertThat(half).isEqualTo(0.55, within(0.001));
        assertThat(warmth(first)).isEqualTo(1);
    }

    @Test
    void newcomerWarmsUpUnlessItWasKnownFromTheStart() {
        assertThat(warmth(first)).isEqualTo(1);
        assertThat(warmth(siblings.join("second", false))).isEqualTo(0.1, within(0.001));
    }

    @Test
    void oneFailureEjectsAgainWhileOnProbation() {
        siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE);
        after(EJECT_FOR);
        succeed(first, CONSECUTIVE - 1);

        fail(first, BROKEN, 1);

        assertThat(first.standing()).isEqualTo(Standing.EJECTED);
    }

    @Test
    void probationEndsWithEnoughGoodAnswersInARow() {
        siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE);
        after(EJECT_FOR);
        succeed(first, CONSECUTIVE);

        fail(first, BROKEN, CONSECUTIVE - 1);

        assertThat(first.standing()).isEqualTo(Standing.UP);
    }

    @Test
    void goodAnswersOfRequestsSentBeforeTheEjectionDoNotShortenTheProbation() {
        siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE);
        succeed(first, CONSECUTIVE);
        after(EJECT_FOR);

        fail(first, BROKEN, 1);

        assertThat(first.standing()).isEqualTo(Standing.EJECTED);
    }

    @Test
    void goodProbeEndsAnEjectionMadeByTheConnection() {
        siblings.join("second", true);
        fail(first, REFUSED, CONSECUTIVE);

        first.probed(null);

        assertThat(first.standing()).isEqualTo(Standing.UP);
        assertThat(first.lastGood()).isEqualTo(clock.instant());
        assertThat(warmth(first)).isEqualTo(0.1, within(0.001));
    }

    @Test
    void goodProbeEndsARejection() {
        fail(first, EXPIRED, 1);

        first.probed(null);

        assertThat(first.standing()).isEqualTo(Standing.UP);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"RESET", "CLOSED", "FIRST_BYTE_TIMEOUT", "SLOW", "MALFORMED", "TRUNCATED"})
    void goodProbeDoesNotDisproveWhatItDoesNotTry(FailureKind kind) {
        siblings.join("second", true);
        fail(first, Failure.of(kind, "as it says"), CONSECUTIVE);

        first.probed(null);

        assertThat(first.standing()).isEqualTo(Standing.EJECTED);
    }

    @Test
    void mereConnectionDisprovesARefusalButNotAnExpiredCertificate() {
        EndpointHealth second = siblings.join("second", true);
        fail(first, REFUSED, CONSECUTIVE);
        fail(second, EXPIRED, 1);

        first.connected();
        second.connected();

        assertThat(first.standing()).isEqualTo(Standing.UP);
        assertThat(second.standing()).isEqualTo(Standing.REJECTED);
    }

    @Test
    void probesVerdictOutranksAnEjection() {
        siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE);

        first.verdict(false, REFUSED);
        after(EJECT_FOR);

        assertThat(first.standing()).isEqualTo(Standing.DOWN);
        assertThat(first.failure()).isEqualTo(REFUSED);
        assertThat(first.until()).isNull();
    }

    @Test
    void endpointThatProbesFindUpAgainComesBackLittleByLittle() {
        first.verdict(false, REFUSED);

        first.verdict(true, null);

        assertThat(first.standing()).isEqualTo(Standing.UP);
        assertThat(warmth(first)).isEqualTo(0.1, within(0.001));
        assertThat(told).containsExactly("index first up>down refused", "index first down>up -");
    }

    @Test
    void firstGoodVerdictDoesNotEndAnEjection() {
        siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE);

        first.verdict(true, null);

        assertThat(first.standing()).isEqualTo(Standing.EJECTED);
    }

    @Test
    void endpointThatIsLeftAloneIsNotKeptOut() {
        EndpointHealth second = siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE);

        siblings.leave(second);

        assertThat(first.standing()).isEqualTo(Standing.UP);
    }

    @Test
    void whatIsReportedOfAnEndpointThatLeftChangesNothing() {
        EndpointHealth second = siblings.join("second", true);
        siblings.leave(first);

        fail(first, EXPIRED, 1);
        first.verdict(false, REFUSED);
        fail(second, BROKEN, CONSECUTIVE);

        assertThat(first.standing()).isEqualTo(Standing.UP);
        assertThat(second.standing()).isEqualTo(Standing.UP);
        assertThat(told).isEmpty();
    }

    @Test
    void lateFailuresDoNotLengthenAnEjection() {
        siblings.join("second", true);
        fail(first, BROKEN, CONSECUTIVE);
        var until = first.until();
        clock.advance(Duration.ofSeconds(5));

        fail(first, BROKEN, 20);

        assertThat(first.until()).isEqualTo(until);
    }

    private void after(Duration time) {
        clock.advance(time);
        siblings.tick();
    }

    private double warmth(EndpointHealth health) {
        return health.warmth(clock.nanoTime().getAsLong());
    }

    private static void fail(EndpointHealth health, Failure failure, int times) {
        for (int i = 0; i < times; i++) {
            health.failed(failure, FAST);
        }
    }

    private static void succeed(EndpointHealth health, int times) {
        for (int i = 0; i < times; i++) {
            health.succeeded(FAST);
        }
    }

    private PeerValidity certificate(Duration left) {
        return new PeerValidity(
                "CN=index.test",
                "2a",
                clock.instant().minus(Duration.ofDays(300)),
                clock.instant().plus(left));
    }

    @Test
    void endpointWhoseCertificateEndsSoonStepsAsideForOneWhoseLasts() {
        EndpointHealth second = siblings.join("second", true);
        first.showed(certificate(MARGIN));
        second.showed(certificate(MARGIN.plusSeconds(1)));

        siblings.tick();

        assertThat(first.standing()).isEqualTo(Standing.EXPIRING);
        assertThat(second.standing()).isEqualTo(Standing.UP);
        assertThat(told).containsExactly("index first up>expiring -");
    }

    @Test
    void endpointWhoseCertificateIsRenewedComesBack() {
        EndpointHealth second = siblings.join("second", true);
        first.showed(certificate(MARGIN));
        second.showed(certificate(Duration.ofDays(30)));
        siblings.tick();

        first.showed(certificate(Duration.ofDays(365)));
        siblings.tick();

        assertThat(first.standing()).isEqualTo(Standing.UP);
    }

    @Test
    void lastEndpointNeverStepsAside() {
        EndpointHealth second = siblings.join("second", true);
        first.showed(certificate(MARGIN));
        second.showed(certificate(MARGIN.dividedBy(2)));

        siblings.tick();

        assertThat(first.standing()).isEqualTo(Standing.UP);
        assertThat(second.standing()).isEqualTo(Standing.UP);
    }

    @Test
    void endpointComesBackWhenTheOneWhoseCertificateLastsFails() {
        EndpointHealth second = siblings.join("second", true);
        first.showed(certificate(MARGIN));
        second.showed(certificate(Duration.ofDays(30)));
        siblings.tick();

        siblings.verdict(second, false, REFUSED);
        siblings.tick();

        assertThat(first.standing()).isEqualTo(Standing.UP);
    }

    @Test
    void expiringEndpointWhoseCertificateHasEndedIsRejected() {
        EndpointHealth second = siblings.join("second", true);
        first.showed(certificate(MARGIN));
        second.showed(certificate(Duration.ofDays(30)));
        siblings.tick();

        first.probed(EXPIRED);

        assertThat(first.standing()).isEqualTo(Standing.REJECTED);
    }

    @Test
    void ofAShortLifeTheMarginIsATenth() {
        EndpointHealth second = siblings.join("second", true);
        second.showed(certificate(Duration.ofDays(30)));
        first.showed(new PeerValidity(
                "CN=index.test",
                "2a",
                clock.instant().minus(Duration.ofMinutes(50)),
                clock.instant().plus(Duration.ofMinutes(10))));
        siblings.tick();
        assertThat(first.standing()).isEqualTo(Standing.UP);

        clock.advance(Duration.ofMinutes(4));
        siblings.tick();

        assertThat(first.standing()).isEqualTo(Standing.EXPIRING);
    }

    @Test
    void endpointsOfWhichNoCertificateWasSeenStayWhereTheyAre() {
        EndpointHealth second = siblings.join("second", true);
        first.showed(certificate(Duration.ofMinutes(1)));

        siblings.tick();

        assertThat(first.standing()).isEqualTo(Standing.UP);
        assertThat(second.peer()).isNull();
    }
}
