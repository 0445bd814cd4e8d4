package dev.detour.proxy.exchange;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.detour.proxy.route.Route;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What a backend has just said does not exist: lets a 404 be repeated for a short time while the backend is down, where
 * without it nobody could tell an absent name from an uncopied one. Thread-safe.
 */
public final class RecentAbsences {
    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final int MAX_ENTRIES = 20_000;

    private record Key(String route, String target) {}

    private final Cache<Key, Boolean> absent;
    /** Whether anything was ever absent: healthy answers, which are nearly all, then cost one read and no key. */
    private volatile boolean any;

    /** Nothing known yet; {@code nanoClock} as {@link System#nanoTime()}. */
    public RecentAbsences(LongSupplier nanoClock) {
        Ticker ticker = nanoClock::getAsLong;
        this.absent = Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .expireAfterWrite(REMEMBERED)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /**
     * The backend has answered. What it serves is absent no more: a project can be created within the time an absence is
     * remembered.
     */
    void note(Route route, String target, int status) {
        if (status == 404) {
            any = true;
            absent.put(new Key(route.name(), target), Boolean.TRUE);
        } else if (status < 300 && any) {
            absent.invalidate(new Key(route.name(), target));
        }
    }

    boolean justHeard(Route route, String target) {
        return absent.getIfPresent(new Key(route.name(), target)) != null;
    }
}
