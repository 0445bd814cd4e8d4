package dev.detour.proxy.resolve;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsCnameCache;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shortest time to live among the records of one look-up. It takes the place of the resolver's cache, which is the only
 * one that is told, and never answers: each look-up is meant to ask.
 */
final class RecordLifetime implements DnsCache {
    private static final long SHORTEST = 1;
    private static final long LONGEST = 3600;

    /** For answers without records: those of the hosts file. */
    private static final long UNTOLD = 60;

    private long shortest = Long.MAX_VALUE;

    /** Forgets the last look-up. */
    void restart() {
        shortest = Long.MAX_VALUE;
    }

    /** Seconds until the next look-up. */
    long seconds() {
        return shortest == Long.MAX_VALUE ? UNTOLD : Math.max(SHORTEST, Math.min(shortest, LONGEST));
    }

    private void note(long seconds) {
        shortest = Math.min(shortest, seconds);
    }

    /** The same for the aliases on the way to an address. */
    DnsCnameCache ofAliases() {
        return new DnsCnameCache() {
            @Override
            public @Nullable String get(String host) {
                return null;
            }

            @Override
            public void cache(String host, String alias, long seconds, EventLoop loop) {
                note(seconds);
            }

            @Override
            public void clear() {}

            @Override
            public boolean clear(String host) {
                return false;
            }
        };
    }

    @Override
    public void clear() {}

    @Override
    public boolean clear(String host) {
        return false;
    }

    @Override
    public @Nullable List<? extends DnsCacheEntry> get(String host, DnsRecord[] additional) {
        return null;
    }

    @Override
    public DnsCacheEntry cache(String host, DnsRecord[] additional, InetAddress address, long seconds, EventLoop loop) {
        note(seconds);
        return new Entry(address, null);
    }

    @Override
    public DnsCacheEntry cache(String host, DnsRecord[] additional, Throwable cause, EventLoop loop) {
        return new Entry(null, cause);
    }

    /** What a cache has to return, and nobody reads. */
    private record Entry(
            @Nullable InetAddress address, @Nullable Throwable cause) implements DnsCacheEntry {}
}
