package dev.detour.proxy.backend;

import dev.detour.config.BackendConfig;
import dev.detour.health.breaker.BackendBreaker;
import dev.detour.health.endpoint.BackendStatus;
import dev.detour.health.overload.ClientRates;
import dev.detour.health.overload.ConcurrencyLimit;
import dev.detour.health.revocation.RevocationLists;
import io.netty.handler.ssl.SslContext;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A backend as the data path sees it; shared by all event loops. */
public final class Backend {
    private final int index;
    private final BackendConfig config;
    private final @Nullable SslContext tls;
    private final @Nullable RevocationLists revocations;
    private final BackendBreaker breaker;
    private final Endpoints endpoints;
    private final ConcurrencyLimit limit;
    private final @Nullable ClientRates jsonRates;
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger bodies = new AtomicInteger();

    /**
     * A backend.
     *
     * @param index its place among the backends, for tables indexed by backend
     * @param tls how its endpoints are verified, or null for clear text
     * @param revocations what its certificates are looked up in, or null for nothing
     * @param jsonRates how often single clients may have JSON from it, or null for any number of times
     */
    Backend(
            int index,
            BackendConfig config,
            @Nullable SslContext tls,
            @Nullable RevocationLists revocations,
            BackendBreaker breaker,
            Endpoints endpoints,
            ConcurrencyLimit limit,
            @Nullable ClientRates jsonRates) {
        this.index = index;
        this.config = config;
        this.tls = tls;
        this.revocations = revocations;
        this.breaker = breaker;
        this.endpoints = endpoints;
        this.limit = limit;
        this.jsonRates = jsonRates;
    }

    /** Its place among the backends. */
    public int index() {
        return index;
    }

    /** What the operator wrote. */
    public BackendConfig config() {
        return config;
    }

    /** How its endpoints are verified, or null for clear text. */
    public @Nullable SslContext tls() {
        return tls;
    }

    /** What its certificates are looked up in, or null for nothing. */
    @Nullable RevocationLists revocations() {
        return revocations;
    }

    /** Whether it may be asked. */
    public BackendBreaker breaker() {
        return breaker;
    }

    /** Where it may be asked. */
    public Endpoints endpoints() {
        return endpoints;
    }

    /** How many requests may be in progress. */
    public ConcurrencyLimit limit() {
        return limit;
    }

    /** How often single clients may have JSON from it, or null for any number of times. */
    public @Nullable ClientRates jsonRates() {
        return jsonRates;
    }

    /** How many requests wait for room, on all loops. */
    public AtomicInteger queued() {
        return queued;
    }

    /**
     * A request begins whose body is still on its way; false if the bodies on their way would take more than half of what its
     * endpoints may have in progress. True obliges the caller to one {@link #endBody()}.
     */
    public boolean tryBeginBody() {
        int most = config.overload().connections() * endpoints.now().size() / 2;
        if (bodies.incrementAndGet() <= Math.max(1, most)) {
            return true;
        }
        bodies.decrementAndGet();
        return false;
    }

    /** A body has arrived, or nobody waits for it any more. */
    public void endBody() {
        bodies.decrementAndGet();
    }

    /** The host a request means that names none. */
    public String host() {
        return config.endpoints().get(0).address().toString();
    }

    /** The configured name. */
    public String name() {
        return config.name();
    }

    /** The operator wants those endpoints, and only those, to get nothing new. */
    public void drain(Predicate<Endpoint> wished) {
        endpoints.drain(wished);
    }

    /** How it is, for people. */
    public BackendStatus status() {
        return new BackendStatus(
                name(),
                breaker.state(),
                breaker.since(),
                breaker.nextTrial(),
                breaker.lastFailure(),
                limit.limit(),
                limit.inFlight(),
                queued.get(),
                endpoints.now().stream().map(Endpoint::status).toList(),
                endpoints.unresolved());
    }
}
