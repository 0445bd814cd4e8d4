package dev.detour.proxy.backend;

import dev.detour.config.BackendConfig;
import dev.detour.health.endpoint.EndpointHealth;
import dev.detour.health.endpoint.EndpointStatus;
import dev.detour.health.endpoint.Standing;
import dev.detour.proxy.balance.Candidate;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One address of a backend, shared by all event loops: what measurements say of it, what the operator wants of it, and how
 * many requests are in progress there. The three are kept apart; none of them changes another.
 */
public final class Endpoint implements Candidate {
    private final int slot;
    private final BackendConfig.Endpoint config;
    private final InetSocketAddress address;
    private final String name;
    private final boolean local;
    private final int mostInUse;
    private final EndpointHealth health;
    private final AtomicInteger inUse = new AtomicInteger();
    private volatile boolean drained;
    private volatile boolean retired;

    /**
     * An endpoint that takes requests.
     *
     * @param slot its bit in a set of endpoints
     * @param address where it is connected to
     * @param local whether it is in this instance's zone
     * @param mostInUse requests that may be in progress
     */
    Endpoint(
            int slot,
            BackendConfig.Endpoint config,
            InetSocketAddress address,
            String name,
            boolean local,
            int mostInUse,
            EndpointHealth health) {
        this.slot = slot;
        this.config = config;
        this.address = address;
        this.name = name;
        this.local = local;
        this.mostInUse = mostInUse;
        this.health = health;
    }

    /** Where it is connected to. */
    public InetSocketAddress address() {
        return address;
    }

    /** {@code host:port} that is connected to. */
    public String name() {
        return name;
    }

    /** {@code host:port} as configured. */
    public String configured() {
        return config.address().toString();
    }

    BackendConfig.Endpoint config() {
        return config;
    }

    /** The host that its certificate is for, unless the configuration says another. */
    public String host() {
        return config.address().host();
    }

    /** What measurements say; outcomes of attempts are reported to it. */
    public EndpointHealth health() {
        return health;
    }

    /** A request comes, if there is room; each that came leaves exactly once. */
    public boolean tryEnter() {
        if (inUse.incrementAndGet() <= mostInUse) {
            return true;
        }
        inUse.decrementAndGet();
        return false;
    }

    /** A request comes that may not wait, room or not. */
    public void enter() {
        inUse.incrementAndGet();
    }

    /** A request is done with it. */
    public void leave() {
        inUse.decrementAndGet();
    }

    void setDrained(boolean wished) {
        drained = wished;
    }

    void retire() {
        retired = true;
    }

    /** Whether its idle connections are of no use any more: it is drained, or its name no longer stands for it. */
    public boolean finished() {
        return drained || retired;
    }

    EndpointStatus status() {
        return new EndpointStatus(
                name,
                configured(),
                config.priority(),
                config.weight(),
                config.zone(),
                health.standing(),
                drained,
                health.since(),
                health.failure(),
                health.lastGood(),
                health.until(),
                health.peer(),
                inUse.get());
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public int priority() {
        return config.priority();
    }

    @Override
    public int weight() {
        return config.weight();
    }

    @Override
    public boolean local() {
        return local;
    }

    @Override
    public String key() {
        return name;
    }

    @Override
    public boolean drained() {
        return drained;
    }

    @Override
    public Standing standing() {
        return health.standing();
    }

    @Override
    public double warmth(long nowNanos) {
        return health.warmth(nowNanos);
    }

    @Override
    public int load() {
        return inUse.get();
    }

    @Override
    public boolean hasRoom() {
        return inUse.get() < mostInUse;
    }

    @Override
    public String toString() {
        return name;
    }
}
