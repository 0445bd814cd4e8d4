package dev.detour.mirror.capture;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What was seen lately, in memory that does not grow: hashes in slots, each slot with the last one that fell on it. What it
 * has forgotten counts as new; what it remembers was seen, but for two keys with the same 32-bit hash. Thread-safe, no locks.
 */
final class RecentKeys {
    private static final int SLOTS = 1 << 14;

    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);
    private final Clock clock;
    private final long pauseMillis;

    RecentKeys(Duration pause, Clock clock) {
        this.pauseMillis = pause.toMillis();
        this.clock = clock;
    }

    /** Whether the key was seen within the pause. */
    boolean has(Object key) {
        int hash = spread(key);
        return isRecent(slots.get(hash & (SLOTS - 1)), hash, tenths());
    }

    /** Whether the key was not seen within the pause; from now on it was. Of several threads at a time one hears yes. */
    boolean add(Object key) {
        int hash = spread(key);
        int slot = hash & (SLOTS - 1);
        long now = tenths();
        long before = slots.get(slot);
        return !isRecent(before, hash, now) && slots.compareAndSet(slot, before, (now << 32) | (hash & 0xffff_ffffL));
    }

    private boolean isRecent(long entry, int hash, long now) {
        // 0 is an empty slot; a clock that was set back makes nothing recent
        long age = 100 * (now - (entry >>> 32));
        return entry != 0 && (int) entry == hash && age >= 0 && age < pauseMillis;
    }

    /** Tenths of a second, in 31 bits: what is left out comes round after six years. */
    private long tenths() {
        return (clock.millis() / 100) & 0x7fff_ffffL;
    }

    private static int spread(Object key) {
        int hash = key.hashCode() * 0x9e37_79b9;
        return hash ^ (hash >>> 15);
    }
}
