package dev.detour.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.config.BackendConfig.Balance;
import dev.detour.config.BackendConfig.Policy;
import dev.detour.health.endpoint.Standing;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BalancerTest {
    private static final int PICKS = 3000;

    private static Balancer balancer(Policy policy) {
        return Balancer.of(new Balance(policy, 0.5, Duration.ZERO, Duration.ZERO), new SplittableRandom(42));
    }

    /** How often each slot is picked, by many paths. */
    private static Map<Integer, Integer> hits(Balancer balancer, List<FakeEndpoint> endpoints, long tried) {
        Map<Integer, Integer> hits = new TreeMap<>();
        for (int i = 0; i < PICKS; i++) {
            int picked = balancer.pick(endpoints, tried, "/simple/name" + i + "/", 0);
            hits.merge(endpoints.get(picked).slot, 1, Integer::sum);
        }
        return hits;
    }

    @ParameterizedTest
    @EnumSource
    void localEndpointsAreAskedAloneWhileHalfOfThemAreUp(Policy policy) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(6);
        endpoints.subList(0, 4).forEach(endpoint -> endpoint.local = true);
        endpoints.get(0).standing(Standing.DOWN);
        endpoints.get(1).standing(Standing.DOWN);

        assertThat(hits(balancer(policy), endpoints, 0)).containsOnlyKeys(2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void allZonesAreAskedWhenFewerThanHalfOfTheLocalEndpointsAreUp(Policy policy) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(7);
        endpoints.subList(0, 3).forEach(endpoint -> endpoint.local = true);
        endpoints.get(0).standing(Standing.DOWN);
        endpoints.get(1).standing(Standing.DOWN);

        assertThat(hits(balancer(policy), endpoints, 0)).containsOnlyKeys(2, 3, 4, 5, 6);
    }

    @ParameterizedTest
    @EnumSource
    void aDrainedLocalEndpointCountsAsLostToItsZone(Policy policy) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(5);
        endpoints.subList(0, 3).forEach(endpoint -> endpoint.local = true);
        endpoints.get(0).drained = true;
        endpoints.get(1).drained = true;

        assertThat(hits(balancer(policy), endpoints, 0)).containsOnlyKeys(2, 3, 4);
    }

    @ParameterizedTest
    @EnumSource
    void anotherZoneIsAskedWhenTheLocalEndpointsAreTriedOrFull(Policy policy) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(4);
        endpoints.subList(0, 2).forEach(endpoint -> endpoint.local = true);
        endpoints.get(1).room = false;

        assertThat(hits(balancer(policy), endpoints, endpoints.get(0).bit())).containsOnlyKeys(2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void anotherTierIsAskedWhenTheFirstIsTriedOrFull(Policy policy) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(4);
        endpoints.subList(2, 4).forEach(endpoint -> endpoint.priority = 9);
        endpoints.get(1).room = false;

        assertThat(hits(balancer(policy), endpoints, endpoints.get(0).bit())).containsOnlyKeys(2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstTierKeepsAllTrafficWhileFiveOfSevenAreUp(Policy policy) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(14);
        endpoints.subList(7, 14).forEach(endpoint -> endpoint.priority = 1);
        endpoints.get(0).standing(Standing.EJECTED);
        endpoints.get(1).standing(Standing.EJECTED);

        assertThat(hits(balancer(policy), endpoints, 0)).containsOnlyKeys(2, 3, 4, 5, 6);
    }

    @ParameterizedTest
    @EnumSource
    void drainedEndpointsDoNotMakeATierLessHealthy(Policy policy) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(6);
        endpoints.subList(4, 6).forEach(endpoint -> endpoint.priority = 1);
        endpoints.get(0).drained = true;
        endpoints.get(1).drained = true;

        assertThat(hits(balancer(policy), endpoints, 0)).containsOnlyKeys(2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void ejectedEndpointsHelpBelowThePanicThresholdAndUselessOnesDoNot(Policy policy) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(5);
        endpoints.get(1).standing(Standing.EJECTED);
        endpoints.get(2).standing(Standing.EJECTED);
        endpoints.get(3).standing(Standing.REJECTED);
        endpoints.get(4).standing(Standing.DOWN);

        assertThat(hits(balancer(policy), endpoints, 0)).containsOnlyKeys(0, 1, 2);
    }

    @ParameterizedTest
    @EnumSource
    void exactlyAtThePanicThresholdNobodyPanics(Policy policy) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(4);
        endpoints.get(0).standing(Standing.EJECTED);
        endpoints.get(1).standing(Standing.EJECTED);

        assertThat(hits(balancer(policy), endpoints, 0)).containsOnlyKeys(2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void ejectedEndpointsAreNotAskedBecauseTheOthersAreFull(Policy policy) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(3);
        endpoints.get(0).standing(Standing.EJECTED);
        endpoints.get(1).room = false;
        endpoints.get(2).room = false;

        assertThat(balancer(policy).pick(endpoints, 0, "/", 0)).isEqualTo(Balancer.FULL);
    }

    @ParameterizedTest
    @EnumSource
    void whenNobodyIsUpEjectedOnesComeBeforeRejectedAndDownOnes(Policy policy) {
        Balancer balancer = balancer(policy);
        List<FakeEndpoint> endpoints = FakeEndpoint.several(4);
        endpoints.get(0).standing(Standing.DOWN);
        endpoints.get(1).standing(Standing.EJECTED);
        endpoints.get(2).standing(Standing.REJECTED);
        endpoints.get(3).drained = true;

        assertThat(hits(balancer, endpoints, 0)).containsOnlyKeys(1);
        assertThat(hits(balancer, endpoints, endpoints.get(1).bit())).containsOnlyKeys(0, 2);
    }

    @ParameterizedTest
    @EnumSource
    void aLoneEndpointIsAskedWhateverItsStandingUnlessDrainedTriedOrFull(Policy policy) {
        Balancer balancer = balancer(policy);
        List<FakeEndpoint> endpoints = FakeEndpoint.several(1);
        FakeEndpoint lone = endpoints.get(0).standing(Standing.REJECTED);

        int asked = balancer.pick(endpoints, 0, "/", 0);
        int tried = balancer.pick(endpoints, lone.bit(), "/", 0);
        lone.room = false;
        int full = balancer.pick(endpoints, 0, "/", 0);
        lone.drained = true;
        int drained = balancer.pick(endpoints, 0, "/", 0);

        assertThat(List.of(asked, tried, full, drained))
                .containsExactly(0, Balancer.NONE, Balancer.FULL, Balancer.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void nobodyIsPickedFromNobody(Policy policy) {
        assertThat(balancer(policy).pick(List.of(), 0, "/", 0)).isEqualTo(Balancer.NONE);
    }

    @Test
    void tooManyCandidatesAreRefused() {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(65);

        assertThatThrownBy(() -> balancer(Policy.ROUND_ROBIN).pick(endpoints, 0, "/", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("candidates: 65 (expected: at most 64)");
    }

    @Test
    void roundRobinSpreadsTheTurnsOfAHeavyEndpoint() {
        Balancer balancer = balancer(Policy.ROUND_ROBIN);
        List<FakeEndpoint> endpoints = FakeEndpoint.several(3);
        endpoints.get(0).weight(4);

        for (int round = 0; round < 100; round++) {
            int[] turns = new int[3];
            int longestRun = 0;
            int run = 0;
            for (int i = 0; i < 6; i++) {
                int picked = balancer.pick(endpoints, 0, "/", 0);
                turns[picked]++;
                run = picked == 0 ? run + 1 : 0;
                longestRun = Math.max(longestRun, run);
            }

            assertThat(turns).containsExactly(4, 1, 1);
            assertThat(longestRun).isLessThan(4);
        }
    }

    @Test
    void roundRobinsOfDifferentLoopsDoNotAllBeginWithTheSameEndpoint() {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(4);
        SplittableRandom seeds = new SplittableRandom(11);
        Map<Integer, Integer> first = new TreeMap<>();

        for (int loop = 0; loop < 64; loop++) {
            Balancer balancer = Balancer.of(
                    new Balance(Policy.ROUND_ROBIN, 0.5, Duration.ZERO, Duration.ZERO),
                    new SplittableRandom(seeds.nextLong()));
            first.merge(balancer.pick(endpoints, 0, "/", 0), 1, Integer::sum);
        }

        assertThat(first).containsOnlyKeys(0, 1, 2, 3);
    }

    /** 64 requests stay open at each of 16 endpoints on average: random placement piles up far more on the unlucky one. */
    @Test
    void leastLoadedKeepsTheLongestQueueFarShorterThanChanceDoes() {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(16);
        int[] byChance = new int[16];
        SplittableRandom random = new SplittableRandom(5);
        Balancer balancer = balancer(Policy.LEAST_LOADED);

        for (int i = 0; i < 64 * 16; i++) {
            endpoints.get(balancer.pick(endpoints, 0, "/", 0)).load++;
            byChance[random.nextInt(16)]++;
        }

        int most = endpoints.stream().mapToInt(endpoint -> endpoint.load).max().orElseThrow();
        assertThat(most).isLessThanOrEqualTo(64 + 4);
        assertThat(Arrays.stream(byChance).max().orElseThrow()).isGreaterThan(64 + 8);
    }

    @Test
    void leastLoadedSharesWhatIsInProgressByWeight() {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(3);
        endpoints.get(0).weight(6);
        endpoints.get(1).weight(3);
        Balancer balancer = balancer(Policy.LEAST_LOADED);

        for (int i = 0; i < 500; i++) {
            endpoints.get(balancer.pick(endpoints, 0, "/", 0)).load++;
        }

        assertThat(endpoints.get(0).load).isBetween(290, 310);
        assertThat(endpoints.get(1).load).isBetween(142, 158);
    }

    @Test
    void aHangingEndpointGetsNothingMoreFromLeastLoaded() {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(2);
        endpoints.get(0).load = 50;

        assertThat(hits(balancer(Policy.LEAST_LOADED), endpoints, 0)).containsOnlyKeys(1);
    }

    @ParameterizedTest
    @EnumSource
    void aHangingEndpointCollectsAFewRequestsAndNoMore(Policy policy) {
        for (int count = 2; count <= 4; count++) {
            List<FakeEndpoint> endpoints = FakeEndpoint.several(count);
            Balancer balancer = balancer(policy);

            for (int i = 0; i < 1_000; i++) {
                int picked = balancer.pick(endpoints, 0, "/" + i, 0);
                // the others answer at once
                endpoints.get(picked).load += picked == 0 ? 1 : 0;
            }

            assertThat(endpoints.get(0).load).isBetween(1, 20);
        }
    }

    @Test
    void aHashedPathStaysWhereItIsWhileNobodyIsCrowded() {
        Balancer balancer = balancer(Policy.PATH_HASH);
        List<FakeEndpoint> endpoints = FakeEndpoint.several(3);
        int home = balancer.pick(endpoints, 0, "/simple/x/", 0);

        endpoints.get(home).load = 4;

        assertThat(balancer.pick(endpoints, 0, "/simple/x/", 0)).isEqualTo(home);
    }

    @ParameterizedTest
    @EnumSource
    void whoMayNotWaitIsSentToAnEndpointWithoutRoomIfNobodyHasAny(Policy policy) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(3);
        endpoints.forEach(endpoint -> endpoint.room = false);
        endpoints.get(0).drained = true;

        int picked = balancer(policy).pickCrowded(endpoints, endpoints.get(1).bit(), "/", 0);

        assertThat(picked).isEqualTo(2);
    }

    @Test
    void aWarmingEndpointThatIsIdleIsNotFloodedBecauseTheOthersAreBusy() {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(2);
        endpoints.get(0).load = 5;
        endpoints.get(1).warmth = 0.1;

        assertThat(hits(balancer(Policy.LEAST_LOADED), endpoints, 0).get(1)).isBetween(PICKS / 20, PICKS / 6);
    }

    @Test
    void twoEndpointsThatSwapSlotsKeepTheirPaths() {
        Balancer balancer = balancer(Policy.PATH_HASH);
        Renamed a = new Renamed(0, "a");
        Renamed b = new Renamed(1, "b");
        Renamed aElsewhere = new Renamed(1, "a");
        Renamed bElsewhere = new Renamed(0, "b");

        for (int i = 0; i < 100; i++) {
            int before = balancer.pick(List.of(a, b), 0, "/" + i, 0);
            int after = balancer.pick(List.of(aElsewhere, bElsewhere), 0, "/" + i, 0);

            assertThat(after).isEqualTo(before);
        }
    }

    /** Up, warm and idle, with the key it is given. */
    private record Renamed(int slot, String key) implements Candidate {
        @Override
        public int priority() {
            return 0;
        }

        @Override
        public int weight() {
            return 1;
        }

        @Override
        public boolean local() {
            return false;
        }

        @Override
        public boolean drained() {
            return false;
        }

        @Override
        public Standing standing() {
            return Standing.UP;
        }

        @Override
        public double warmth(long nowNanos) {
            return 1;
        }

        @Override
        public int load() {
            return 0;
        }

        @Override
        public boolean hasRoom() {
            return true;
        }
    }
}
