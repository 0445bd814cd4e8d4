package dev.detour.proxy.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * The last purges, numbered: an answer that was asked for before a purge which names it must not be kept after it. One that no
 * later purge names may be: an index purges a project with every upload, and must not lose all other fetches by it.
 *
 * <p>Thread-safe.
 */
final class RecentPurges {
    /** More of them during one fetch count as a purge of everything. */
    private static final int MOST = 256;

    private final Deque<Numbered> last = new ArrayDeque<>();
    private volatile long latest;

    private record Numbered(long number, Purge purge, PurgedAddresses addresses, Set<String> keys) {}

    /** The number of the latest one. */
    long latest() {
        return latest;
    }

    synchronized void add(Purge purge, PurgedAddresses addresses) {
        last.addLast(new Numbered(latest + 1, purge, addresses, Set.copyOf(purge.keys())));
        if (last.size() > MOST) {
            last.removeFirst();
        }
        latest++;
    }

    /** Whether an answer may be named by one of those that came after number {@code seen}. */
    boolean concern(CacheKey key, StoredAnswer answer, long seen) {
        return latest != seen && isNamed(key, answer, seen);
    }

    private synchronized boolean isNamed(CacheKey key, StoredAnswer answer, long seen) {
        Numbered oldest = last.peekFirst();
        if (oldest == null || oldest.number() > seen + 1) {
            return true;
        }
        for (Numbered each : last) {
            boolean named = each.purge().all()
                    || each.addresses().contains(key)
                    || answer.policy().keys().stream().anyMatch(each.keys()::contains);
            if (each.number() > seen && named) {
                return true;
            }
        }
        return false;
    }
}
