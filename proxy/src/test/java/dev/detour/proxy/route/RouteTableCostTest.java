package dev.detour.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Classifying runs on an event loop for every request, so that it may not make garbage. */
class RouteTableCostTest {
    private static final int CALLS = 100_000;
    private static final String[] TARGETS = {
        "/simple/requests/",
        "/simple/%72equests/?format=application/vnd.pypi.simple.v1+json",
        "/pypi/requests/2.31.0/json",
        "/packages/70/8e/0e2d847013cb52cd35b38c009bb167a1a26b2ce6cd6965bf26b47bc0bf44/requests-2.31.0-py3-none-any.whl",
        "/pypi?:action=list_classifiers",
        "/no/such/page/at/all",
        "/"
    };

    private final RouteTable table = new RouteTable(IndexRoutes.all());
    private final HttpHeaders headers = new DefaultHttpHeaders()
            .add("Host", "pypi.org")
            .add("User-Agent", "pip/25.0")
            .add("Content-Type", "text/xml; charset=utf-8");

    @Test
    void classifyingAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        int warm = classifyMany();

        long before = threads.getThreadAllocatedBytes(thread);
        int checksum = classifyMany();
        long allocated = threads.getThreadAllocatedBytes(thread) - before;

        assertThat(checksum).isEqualTo(warm).isPositive();
        assertThat(allocated).as("bytes for %d calls", 2 * CALLS).isLessThan(CALLS / 10);
    }

    private int classifyMany() {
        int checksum = 0;
        for (int i = 0; i < CALLS; i++) {
            String target = TARGETS[i % TARGETS.length];
            checksum += index(HttpMethod.GET, target) + index(HttpMethod.POST, target);
        }
        return checksum;
    }

    private int index(HttpMethod method, String target) {
        Route route = table.classify(method, "pypi.org", target, headers);
        return route == null ? -1 : route.index();
    }
}
