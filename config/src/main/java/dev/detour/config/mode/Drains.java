package dev.detour.config.mode;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every drain in force.
 *
 * @param version grows with every change, so that who changes something can say what he had seen
 * @param drains at most one for each endpoint
 */
public record Drains(long version, List<Drain> drains) {
    /** Nothing was ever drained. */
    public static final Drains NONE = new Drains(0, List.of());

    public Drains {
        drains = List.copyOf(drains);
    }

    /** Whether exactly this endpoint is drained; an address of a drained name is not found by the address. */
    public boolean contains(String backend, String endpoint) {
        return find(backend, endpoint) != null;
    }

    /** The drain of exactly this endpoint, or null. */
    public @Nullable Drain find(String backend, String endpoint) {
        for (Drain drain : drains) {
            if (drain.isFor(backend, endpoint)) {
                return drain;
            }
        }
        return null;
    }

    /**
     * The drain that keeps an endpoint from getting anything new, or null: that of its own address, or that of the name that it
     * was configured by.
     */
    public @Nullable Drain applyingTo(String backend, String endpoint, String configured) {
        Drain own = find(backend, endpoint);
        return own != null ? own : find(backend, configured);
    }

    /** The next version, with {@code drain}; the same object if that endpoint is drained already. */
    public Drains with(Drain drain) {
        if (contains(drain.backend(), drain.endpoint())) {
            return this;
        }
        List<Drain> more = new ArrayList<>(drains);
        more.add(drain);
        return new Drains(version + 1, more);
    }

    /** The next version, without the drain of this endpoint; the same object if it is not drained. */
    public Drains without(String backend, String endpoint) {
        if (!contains(backend, endpoint)) {
            return this;
        }
        return new Drains(
                version + 1,
                drains.stream().filter(drain -> !drain.isFor(backend, endpoint)).toList());
    }
}
