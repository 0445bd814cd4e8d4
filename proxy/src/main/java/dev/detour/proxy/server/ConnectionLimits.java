package dev.detour.proxy.server;

import java.time.Duration;

/**
 * How long a client's connection may be slow or silent; all in nanoseconds.
 *
 * @param idleNanos between requests, a partial request head included
 * @param silenceNanos inside a body, either way, while it is the client's turn
 * @param drainNanos for reading the rest of a refused request body, in all
 * @param drainCheckNanos how often the rate of such reading is looked at
 * @param drainBytesPerCheck the least a draining client must send between two looks
 * @param lingerNanos between our end of the connection and the client's
 */
record ConnectionLimits(
        long idleNanos,
        long silenceNanos,
        long drainNanos,
        long drainCheckNanos,
        long drainBytesPerCheck,
        long lingerNanos) {
    static final ConnectionLimits DEFAULT = new ConnectionLimits(
            Duration.ofSeconds(60).toNanos(),
            Duration.ofSeconds(60).toNanos(),
            Duration.ofSeconds(120).toNanos(),
            Duration.ofSeconds(10).toNanos(),
            64 * 1024,
            Duration.ofSeconds(2).toNanos());
}
