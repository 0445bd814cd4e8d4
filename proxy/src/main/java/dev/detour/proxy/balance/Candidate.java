package dev.detour.proxy.balance;

import dev.detour.health.endpoint.Standing;

/** An endpoint as the choice between endpoints sees it. Every method is cheap and may be called from any event loop. */
public interface Candidate {
    /** Its bit in a set of endpoints already tried: 0 to 63, unlike that of any other endpoint of the backend. */
    int slot();

    /** Tier: 0 before 1 before 2. */
    int priority();

    /** Configured share of the traffic, at least 1. */
    int weight();

    /** Whether it is in the same zone as this instance; false if either zone is unknown. */
    boolean local();

    /** Stays the same for as long as the endpoint exists, also across restarts: what consistent hashing goes by. */
    String key();

    /** Whether the operator wants it to get nothing new. */
    boolean drained();

    /** What measurements say. */
    Standing standing();

    /**
     * How far an endpoint that came back has warmed up: from above 0 to 1.
     *
     * @param nowNanos the time, as {@link System#nanoTime()}
     */
    double warmth(long nowNanos);

    /** Requests in progress. */
    int load();

    /** Whether it takes another request now. */
    boolean hasRoom();
}
