package dev.detour.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig.Balance;
import dev.detour.config.BackendConfig.Policy;
import dev.detour.health.endpoint.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Which endpoints a pick may end at, by every policy, against the rules written down naively. */
class BalancerProperties {
    private static final int PICKS = 20;

    /**
     * A backend in some state.
     *
     * @param tried slots, as bits
     */
    record Scene(List<FakeEndpoint> endpoints, long tried, double panicBelow, Policy policy, long seed) {
        Balancer balancer() {
            return Balancer.of(
                    new Balance(policy, panicBelow, Duration.ZERO, Duration.ZERO), new SplittableRandom(seed));
        }

        List<FakeEndpoint> those(Predicate<FakeEndpoint> rule) {
            return endpoints.stream()
                    .filter(endpoint -> !endpoint.drained && (tried & endpoint.bit()) == 0)
                    .filter(rule)
                    .toList();
        }

        boolean panic() {
            double all = endpoints.stream()
                    .filter(e -> !e.drained)
                    .mapToInt(e -> e.weight)
                    .sum();
            double up = endpoints.stream()
                    .filter(e -> !e.drained && e.standing == Standing.UP)
                    .mapToInt(e -> e.weight)
                    .sum();
            return up < panicBelow * all;
        }

        /** Those of the best rank that has any: up (and ejected in a panic), ejected, others. */
        List<FakeEndpoint> shouldBeAsked() {
            boolean panic = panic();
            List<FakeEndpoint> eligible = those(e -> e.standing == Standing.UP
                    || (panic && (e.standing == Standing.EJECTED || e.standing == Standing.EXPIRING)));
            if (!eligible.isEmpty()) {
                return eligible;
            }
            List<FakeEndpoint> ejected = those(e -> e.standing == Standing.EJECTED || e.standing == Standing.EXPIRING);
            return ejected.isEmpty() ? those(e -> true) : ejected;
        }
    }

    @Provide
    Arbitrary<Scene> scenes() {
        Arbitrary<List<FakeEndpoint>> endpoints = endpoint().list().ofMaxSize(8).map(BalancerProperties::slotted);
        return Combinators.combine(
                        endpoints,
                        Arbitraries.longs(),
                        Arbitraries.doubles().between(0.01, 1),
                        Arbitraries.of(Policy.class),
                        Arbitraries.longs())
                .as(Scene::new);
    }

    private static Arbitrary<FakeEndpoint> endpoint() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.of(Standing.class),
                        Arbitraries.integers().between(0, 31),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.doubles().between(0.1, 1))
                .as((priority, weight, standing, bits, load, warmth) -> {
                    FakeEndpoint endpoint = new FakeEndpoint(0);
                    endpoint.priority = priority;
                    endpoint.weight = weight;
                    endpoint.standing = standing;
                    endpoint.local = (bits & 1) != 0;
                    endpoint.room = (bits & 6) != 0;
                    endpoint.drained = (bits & 24) == 24;
                    endpoint.load = load;
                    endpoint.warmth = warmth;
                    return endpoint;
                });
    }

    /** The same endpoints with slots that are not their indexes. */
    private static List<FakeEndpoint> slotted(List<FakeEndpoint> endpoints) {
        List<FakeEndpoint> slotted = new ArrayList<>();
        for (FakeEndpoint endpoint : endpoints) {
            FakeEndpoint copy = new FakeEndpoint(63 - 3 * slotted.size());
            copy.priority = endpoint.priority;
            copy.weight = endpoint.weight;
            copy.standing = endpoint.standing;
            copy.local = endpoint.local;
            copy.room = endpoint.room;
            copy.drained = endpoint.drained;
            copy.load = endpoint.load;
            copy.warmth = endpoint.warmth;
            slotted.add(copy);
        }
        return slotted;
    }

    @Property(tries = 3000)
    void aPickIsOneOfThoseThatShouldBeAskedAndHasRoomOrThereIsNone(@ForAll("scenes") Scene scene) {
        Balancer balancer = scene.balancer();
        List<FakeEndpoint> asked = scene.shouldBeAsked();
        List<FakeEndpoint> free = asked.stream().filter(e -> e.room).toList();

        for (int i = 0; i < PICKS; i++) {
            int picked = balancer.pick(scene.endpoints(), scene.tried(), "/simple/p" + i + "/", i);

            if (asked.isEmpty()) {
                assertThat(picked).isEqualTo(Balancer.NONE);
            } else if (free.isEmpty()) {
                assertThat(picked).isEqualTo(Balancer.FULL);
            } else {
                assertThat(free).contains(scene.endpoints().get(picked));
            }
        }
    }

    @Property(tries = 2000)
    void noDrainedTriedOrEjectedOneIsPickedWhileAnUntriedOneIsUpAndNobodyPanics(@ForAll("scenes") Scene scene) {
        Balancer balancer = scene.balancer();
        boolean anyUp = !scene.those(e -> e.standing == Standing.UP).isEmpty();
        boolean panic = scene.panic();

        for (int i = 0; i < PICKS; i++) {
            int picked = balancer.pick(scene.endpoints(), scene.tried(), "/p" + i, i);

            if (picked >= 0) {
                FakeEndpoint endpoint = scene.endpoints().get(picked);
                assertThat(endpoint.drained).isFalse();
                assertThat(scene.tried() & endpoint.bit()).isZero();
                assertThat(endpoint.room).isTrue();
                if (anyUp && !panic) {
                    assertThat(endpoint.standing).isEqualTo(Standing.UP);
                } else if (anyUp) {
                    assertThat(endpoint.standing).isIn(Standing.UP, Standing.EJECTED, Standing.EXPIRING);
                }
            }
        }
    }

    @Property(tries = 2000)
    void someoneIsPickedAsLongAsAnyoneIsLeftAndAllHaveRoom(@ForAll("scenes") Scene scene) {
        scene.endpoints().forEach(endpoint -> endpoint.room = true);
        boolean anyLeft = !scene.those(e -> true).isEmpty();

        int picked = scene.balancer().pick(scene.endpoints(), scene.tried(), "/", 0);

        assertThat(picked >= 0).isEqualTo(anyLeft);
        assertThat(picked).isNotEqualTo(Balancer.FULL);
    }

    /** Retrying until nobody is left: what an exchange does with a backend that always fails. */
    @Property(tries = 1000)
    void everyUndrainedOneIsTriedExactlyOnceBeforeNobodyIsLeft(@ForAll("scenes") Scene scene) {
        Balancer balancer = scene.balancer();
        scene.endpoints().forEach(endpoint -> endpoint.room = true);
        long tried = 0;
        int picks = 0;
        int picked = balancer.pick(scene.endpoints(), tried, "/a", 0);
        while (picked >= 0) {
            tried |= scene.endpoints().get(picked).bit();
            picks++;
            picked = balancer.pick(scene.endpoints(), tried, "/a", 0);
        }

        assertThat(picked).isEqualTo(Balancer.NONE);
        assertThat(picks).isEqualTo((int)
                scene.endpoints().stream().filter(e -> !e.drained).count());
    }

    @Property(tries = 300)
    void theSamePathGoesToTheSameEndpointInWhateverOrderTheyAreListed(
            @ForAll("scenes") Scene scene, @ForAll Random random) {
        Scene hashed = new Scene(scene.endpoints(), scene.tried(), scene.panicBelow(), Policy.PATH_HASH, scene.seed());
        List<FakeEndpoint> shuffled = new ArrayList<>(scene.endpoints());
        Collections.shuffle(shuffled, random);
        Balancer one = hashed.balancer();
        Balancer other = hashed.balancer();

        for (int i = 0; i < PICKS; i++) {
            int picked = one.pick(scene.endpoints(), scene.tried(), "/simple/p" + i + "/", i);
            int again = other.pick(shuffled, scene.tried(), "/simple/p" + i + "/?format=json", i + 1L);

            if (picked < 0) {
                assertThat(again).isEqualTo(picked);
            } else {
                assertThat(shuffled.get(again)).isSameAs(scene.endpoints().get(picked));
            }
        }
    }

    @Property(tries = 100)
    void removingAnEndpointMovesOnlyItsOwnPaths(
            @ForAll @IntRange(min = 2, max = 64) int count,
            @ForAll @IntRange(max = 63) int which,
            @ForAll @IntRange(min = 1, max = 4) int heaviest) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(count);
        endpoints.forEach(endpoint -> endpoint.weight = 1 + endpoint.slot % heaviest);
        FakeEndpoint removed = endpoints.get(which % count);
        List<FakeEndpoint> left = new ArrayList<>(endpoints);
        left.remove(removed);
        Balancer balancer =
                Balancer.of(new Balance(Policy.PATH_HASH, 0.5, Duration.ZERO, Duration.ZERO), new SplittableRandom(1));

        for (int i = 0; i < 200; i++) {
            String path = "/simple/project-" + i + "/";
            FakeEndpoint before = endpoints.get(balancer.pick(endpoints, 0, path, 0));
            FakeEndpoint after = left.get(balancer.pick(left, 0, path, 0));

            if (before != removed) {
                assertThat(after).isSameAs(before);
            }
        }
    }

    /** The shares by Envoy's formula: each tier in turn as much as it can, and the sum made whole. */
    @Property(tries = 150)
    void tiersGetTheirSharesOfTheTraffic(
            @ForAll Policy policy,
            @ForAll @IntRange(max = 5) int up0,
            @ForAll @IntRange(max = 5) int up1,
            @ForAll @IntRange(max = 5) int up2) {
        int[] up = {up0, up1, up2};
        List<FakeEndpoint> endpoints = tiersOfFive(up);
        Balancer balancer =
                Balancer.of(new Balance(policy, 0.0001, Duration.ZERO, Duration.ZERO), new SplittableRandom(7));
        int[] hits = new int[3];
        int picks = 4000;

        for (int i = 0; i < picks; i++) {
            hits[endpoints.get(balancer.pick(endpoints, 0, "/simple/n" + i + "/", 0)).priority]++;
        }

        if (up0 + up1 + up2 > 0) {
            double sum = 0;
            for (int good : up) {
                sum += Math.min(1, 1.4 * good / 5);
            }
            double left = Math.min(1, sum);
            double whole = left;
            for (int tier = 0; tier < 3; tier++) {
                double share = Math.min(left, Math.min(1, 1.4 * up[tier] / 5));
                left -= share;
                assertThat((double) hits[tier] / picks).isBetween(share / whole - 0.035, share / whole + 0.035);
            }
        }
    }

    private static List<FakeEndpoint> tiersOfFive(int[] up) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(15);
        for (FakeEndpoint endpoint : endpoints) {
            endpoint.priority = endpoint.slot / 5;
            endpoint.standing = endpoint.slot % 5 < up[endpoint.priority] ? Standing.UP : Standing.DOWN;
        }
        return endpoints;
    }

    @Property(tries = 60)
    void sharesFollowWeightsAndWarmth(
            @ForAll Policy policy,
            @ForAll @IntRange(min = 1, max = 9) int weight,
            @ForAll @DoubleRange(min = 0.1, max = 1) double warmth) {
        List<FakeEndpoint> endpoints = FakeEndpoint.several(3);
        endpoints.get(1).weight = weight;
        endpoints.get(1).warmth = warmth;
        Balancer balancer =
                Balancer.of(new Balance(policy, 0.5, Duration.ZERO, Duration.ZERO), new SplittableRandom(3));
        int picks = 6000;
        int hits = 0;

        for (int i = 0; i < picks; i++) {
            if (balancer.pick(endpoints, 0, "/simple/" + i + "/", 0) == 1) {
                hits++;
            }
        }

        double expected = weight * warmth / (weight * warmth + 2);
        assertThat((double) hits / picks).isBetween(expected - 0.03, expected + 0.03);
    }
}
