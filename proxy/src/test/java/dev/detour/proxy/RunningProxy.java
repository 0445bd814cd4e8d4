package dev.detour.proxy;

import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.config.mode.Modes;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.cache.CacheControls;
import dev.detour.proxy.observe.AccessLog;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that serves on loopback, with its meters and access lines at hand.
 *
 * <p>Its routes are {@code simple} for {@code /simple/{project}/}, {@code files} for {@code /packages/**}, {@code json}
 * for {@code /pypi/{project}/json}, {@code web} for {@code /project/**}, {@code upload} for POSTs to {@code /legacy/}, {@code
 * other} for the rest, all to backend {@code warehouse} unless described otherwise.
 */
public final class RunningProxy implements AutoCloseable {
    private final Proxy proxy;
    private final SimpleMeterRegistry registry;
    private final ByteArrayOutputStream accessLines;
    private final AccessLog accessLog;

    RunningProxy(Proxy proxy, SimpleMeterRegistry registry, ByteArrayOutputStream accessLines, AccessLog accessLog) {
        this.proxy = proxy;
        this.registry = registry;
        this.accessLines = accessLines;
        this.accessLog = accessLog;
    }

    /** A description to be filled in and started. */
    public static ProxyDescription with() {
        return new ProxyDescription();
    }

    /** The port of the clear listener. */
    public int port() {
        return proxy.addresses().get(0).getPort();
    }

    /** A client in clear. */
    public RawClient client() throws IOException {
        return RawClient.clear(port());
    }

    /** A client over TLS; the description needs an identity. */
    public RawClient client(SSLContext context) throws IOException {
        return RawClient.tls(proxy.addresses().get(1).getPort(), context, "localhost");
    }

    /** The answer to one GET over a connection of its own. */
    public RawResponse get(String target, String... headers) throws IOException {
        return request("GET", target, headers);
    }

    /** The answer to one request without body over a connection of its own. */
    public RawResponse request(String method, String target, String... headers) throws IOException {
        try (RawClient client = client()) {
            return client.request(method, target, headers).read(method);
        }
    }

    /** The first backend. */
    public Backend backend() {
        return proxy.backends().get(0);
    }

    /** What operators see of the cache and do to it. */
    public CacheControls cache() {
        return proxy.cache();
    }

    /** What has not been looked up or probed once. */
    public List<String> unexamined() {
        return proxy.unexamined();
    }

    /** Puts one mode in force. */
    public void mode(Mode mode, @Nullable String backend, @Nullable String route, @Nullable String message) {
        ModeRule rule = new ModeRule(mode, backend, route, message, null, null, Instant.EPOCH);
        proxy.setModes(Modes.NONE.with(rule));
    }

    /** Puts one mode in force everywhere. */
    public void mode(Mode mode) {
        mode(mode, null, null, null);
    }

    /** Everything counted by {@code detour.attempts} with this outcome. */
    public double attempts(String outcome) {
        return registry.find("detour.attempts").tag("outcome", outcome).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** What the cache made of so many requests of a route. */
    public double cacheRequests(String route, String result) {
        Counter counter = registry.find("detour.cache.requests")
                .tags("route", route, "result", result)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    /** Number of fetches of a route for the cache that ended so. */
    public long fills(String route, String outcome) {
        Timer timer = registry.find("detour.cache.fill")
                .tags("route", route, "outcome", outcome)
                .timer();
        return timer == null ? 0 : timer.count();
    }

    /** The first access line that {@code wanted} accepts; waits for it. */
    public String accessLine(Predicate<String> wanted) {
        Await.until(() -> accessLines().stream().anyMatch(wanted), () -> "no such access line among " + accessLines());
        return accessLines().stream().filter(wanted).findFirst().orElseThrow();
    }

    /** The first access line with this text in it; waits for it. */
    public String accessLine(String text) {
        return accessLine(line -> line.contains(text));
    }

    /** Every access line so far. */
    public List<String> accessLines() {
        return accessLines.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public void close() {
        proxy.close();
        accessLog.close();
    }
}
