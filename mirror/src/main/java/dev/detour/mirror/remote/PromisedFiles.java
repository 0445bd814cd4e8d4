package dev.detour.mirror.remote;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which files the server has that pages promise: thousands for a large page, asked for side by side. What is not known in
 * time is not promised, and asked for on: the page has it the next time it is made. Thread-safe.
 */
final class PromisedFiles {
    /** The path of such a file holds a digest: once there, it stays. */
    private static final Duration FOUND_FOR = Duration.ofHours(1);

    private static final Duration MISSING_FOR = Duration.ofMinutes(1);
    private static final long MOST = 200_000;
    private static final int AT_ONCE = 16;

    private final Location location;
    private final Web web;
    private final Duration limit;
    private final Duration patience;
    private final LongSupplier nanos;
    private final Cache<String, Known> known;
    private final ConcurrentHashMap<String, CompletableFuture<Boolean>> asked = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Ask> waiting = new ConcurrentLinkedQueue<>();
    private final Semaphore free = new Semaphore(AT_ONCE);

    private record Known(boolean there, long at) {}

    private record Ask(String relative, CompletableFuture<Boolean> answer) {}

    /**
     * Asks a server.
     *
     * @param limit of one answer
     * @param patience for all that one page promises
     */
    PromisedFiles(Location location, Web web, Duration limit, Duration patience, LongSupplier nanos) {
        this.location = location;
        this.web = web;
        this.limit = limit;
        this.patience = patience;
        this.nanos = nanos;
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(FOUND_FOR)
                .ticker(nanos::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** Asks for all of them, and waits a little. */
    void expect(Collection<String> relatives) {
        List<CompletableFuture<Boolean>> unknown = new ArrayList<>();
        for (String relative : relatives) {
            if (known(relative) == null) {
                unknown.add(ask(relative));
            }
        }
        try {
            CompletableFuture.allOf(unknown.toArray(CompletableFuture[]::new))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // what is not known is not promised
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it is known to be there. One that is still asked for is not. */
    boolean holds(String relative) {
        if (known(relative) == null && !asked.containsKey(relative)) {
            expect(List.of(relative));
        }
        Known now = known(relative);
        return now != null && now.there();
    }

    /**
     * Whether it is there.
     *
     * @throws IOException if the server does not say
     */
    boolean require(String relative) throws IOException {
        Known now = known(relative);
        return now != null ? now.there() : Web.await(location.of(relative), limit, ask(relative));
    }

    private @Nullable Known known(String relative) {
        Known entry = known.getIfPresent(relative);
        boolean old = entry != null && !entry.there() && nanos.getAsLong() - entry.at() >= MISSING_FOR.toNanos();
        return old ? null : entry;
    }

    private CompletableFuture<Boolean> ask(String relative) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        CompletableFuture<Boolean> before = asked.putIfAbsent(relative, answer);
        if (before != null) {
            return before;
        }
        waiting.add(new Ask(relative, answer));
        startWaiting();
        return answer;
    }

    private void startWaiting() {
        while (!waiting.isEmpty() && free.tryAcquire()) {
            Ask next = waiting.poll();
            if (next == null) {
                free.release();
            } else {
                web.holds(location.of(next.relative()), limit)
                        .whenComplete((there, problem) -> answered(next, there, problem));
            }
        }
    }

    private void answered(Ask ask, @Nullable Boolean there, @Nullable Throwable problem) {
        free.release();
        if (there != null) {
            known.put(ask.relative(), new Known(there, nanos.getAsLong()));
            asked.remove(ask.relative());
            ask.answer().complete(there);
            startWaiting();
            return;
        }
        Throwable why = problem == null ? new IOException("no answer") : problem;
        // a server that does not answer is not asked for the other thousand
        for (Ask next = ask; next != null; next = waiting.poll()) {
            asked.remove(next.relative());
            next.answer().completeExceptionally(why);
        }
    }
}
