package dev.detour.proxy.backend;

import dev.detour.config.BackendConfig;
import dev.detour.config.HostPort;
import dev.detour.health.endpoint.EndpointHealth;
import dev.detour.health.endpoint.Siblings;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints of one backend: one for each configured address, and one for each address that a configured name stands for
 * at the moment. Event loops read {@link #now()}; look-ups and the operator change it.
 */
public final class Endpoints {
    /** An exchange remembers whom it has tried in the bits of one long. */
    private static final int SLOTS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);

    private final BackendConfig config;
    private final @Nullable String zone;
    private final Siblings siblings;
    private final Map<BackendConfig.Endpoint, List<Endpoint>> byConfig = new LinkedHashMap<>();
    private final Map<String, String> unresolved = new TreeMap<>();
    private long usedSlots;
    private int lastSlot = SLOTS - 1;
    private Predicate<Endpoint> drained = endpoint -> false;
    private @Nullable Visitor visitor;
    private volatile List<Endpoint> now = List.of();

    /** Who looks after endpoints while they exist. */
    interface Visitor {
        /** Called for every endpoint known and to come. */
        void onJoined(Endpoint endpoint);

        /** The endpoint is no longer one of the backend's. */
        void onLeft(Endpoint endpoint);
    }

    /**
     * Those configured by address; names have none yet.
     *
     * @param zone this instance's, or null
     */
    Endpoints(BackendConfig config, @Nullable String zone, Siblings siblings) {
        this.config = config;
        this.zone = zone;
        this.siblings = siblings;
        for (BackendConfig.Endpoint endpoint : config.endpoints()) {
            InetAddress literal = literal(endpoint);
            byConfig.put(endpoint, literal == null ? List.of() : List.of(join(endpoint, literal, true)));
            if (literal == null) {
                unresolved.put(endpoint.address().host(), "not looked up yet");
            }
        }
        publish();
    }

    /** The address that {@code endpoint} is configured by, or null if it is configured by name. */
    static @Nullable InetAddress literal(BackendConfig.Endpoint endpoint) {
        return NetUtil.createInetAddressFromIpAddressString(endpoint.address().host());
    }

    /** All of them, in no order that means anything. The list never changes; another one takes its place. */
    public List<Endpoint> now() {
        return now;
    }

    /** Configured host names without an address or whose last look-up failed, with the reason. */
    synchronized Map<String, String> unresolved() {
        return Map.copyOf(unresolved);
    }

    /** A name stands for these addresses from now on. */
    synchronized void resolved(BackendConfig.Endpoint endpoint, List<InetAddress> addresses) {
        boolean first = byConfig.getOrDefault(endpoint, List.of()).isEmpty();
        unresolved.remove(endpoint.address().host());
        List<Endpoint> before = byConfig.getOrDefault(endpoint, List.of());
        List<Endpoint> after = new ArrayList<>();
        for (Endpoint known : before) {
            if (addresses.contains(known.address().getAddress())) {
                after.add(known);
            } else {
                dismiss(known);
            }
        }
        for (InetAddress address : addresses) {
            boolean known = after.stream()
                    .anyMatch(other -> other.address().getAddress().equals(address));
            if (!known && Long.bitCount(usedSlots) < SLOTS) {
                after.add(join(endpoint, address, first));
            } else if (!known) {
                LOG.warn("backend {}: {} is left out, {} endpoints are the most", config.name(), address, SLOTS);
            }
        }
        byConfig.put(endpoint, after);
        publish();
    }

    /** A name could not be looked up; the addresses it had stay in use. */
    synchronized void lookUpFailed(BackendConfig.Endpoint endpoint, String reason) {
        unresolved.put(endpoint.address().host(), reason);
    }

    /** The operator wants those endpoints, and only those, to get nothing new. */
    synchronized void drain(Predicate<Endpoint> wished) {
        drained = wished;
        now.forEach(endpoint -> endpoint.setDrained(wished.test(endpoint)));
    }

    /** Shows every endpoint, now and later, to {@code visitor}; there is one. */
    synchronized void accompany(Visitor visitor) {
        this.visitor = visitor;
        now.forEach(visitor::onJoined);
    }

    Siblings siblings() {
        return siblings;
    }

    private Endpoint join(BackendConfig.Endpoint endpoint, InetAddress address, boolean warm) {
        int slot = freeSlot();
        usedSlots |= 1L << slot;
        lastSlot = slot;
        HostPort place =
                new HostPort(address.getHostAddress(), endpoint.address().port());
        EndpointHealth health = siblings.join(place.toString(), warm);
        boolean local = zone != null && zone.equals(endpoint.zone());
        Endpoint joined = new Endpoint(
                slot,
                endpoint,
                new InetSocketAddress(address, place.port()),
                place.toString(),
                local,
                config.overload().connections(),
                health);
        joined.setDrained(drained.test(joined));
        if (visitor != null) {
            visitor.onJoined(joined);
        }
        return joined;
    }

    /** The next free one after that given last: one given back may still be among those an exchange has tried. */
    private int freeSlot() {
        long later = lastSlot == SLOTS - 1 ? 0 : ~usedSlots & (-1L << (lastSlot + 1));
        return Long.numberOfTrailingZeros(later != 0 ? later : ~usedSlots);
    }

    private void dismiss(Endpoint endpoint) {
        endpoint.retire();
        usedSlots &= ~(1L << endpoint.slot());
        siblings.leave(endpoint.health());
        if (visitor != null) {
            visitor.onLeft(endpoint);
        }
    }

    private void publish() {
        now = byConfig.values().stream().flatMap(List::stream).toList();
    }
}
