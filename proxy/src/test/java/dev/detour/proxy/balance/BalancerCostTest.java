package dev.detour.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.detour.config.BackendConfig.Balance;
import dev.detour.config.BackendConfig.Policy;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pick runs on an event loop for every attempt, so that it may not make garbage. */
class BalancerCostTest {
    private static final int CALLS = 100_000;

    @ParameterizedTest
    @EnumSource
    void aPickAllocatesNothing(Policy policy) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        Balancer balancer =
                Balancer.of(new Balance(policy, 0.5, Duration.ZERO, Duration.ZERO), new SplittableRandom(1));
        List<FakeEndpoint> endpoints = FakeEndpoint.several(64);
        endpoints.forEach(endpoint -> {
            endpoint.priority = endpoint.slot % 3;
            endpoint.weight = 1 + endpoint.slot % 2;
            endpoint.local = endpoint.slot % 5 == 0;
            endpoint.warmth = 0.5;
        });
        int warm = pickMany(balancer, endpoints);

        long before = threads.getThreadAllocatedBytes(thread);
        int picked = pickMany(balancer, endpoints);
        long allocated = threads.getThreadAllocatedBytes(thread) - before;

        assertThat(warm).isPositive();
        assertThat(picked).isPositive();
        assertThat(allocated).as("bytes for %d picks", CALLS).isLessThan(CALLS / 10);
    }

    private static int pickMany(Balancer balancer, List<? extends Candidate> endpoints) {
        int sum = 0;
        for (int i = 0; i < CALLS; i++) {
            sum += balancer.pick(endpoints, 0, "/simple/requests/", i);
        }
        return sum;
    }
}
