package dev.detour.app.outage;

import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Many clients at once, each on a connection of its own that it keeps, asking for one resource after the other without a
 * pause. They repeat nothing: whatever goes wrong is noted as an error that a user would have seen.
 */
final class Crowd implements AutoCloseable {
    private static final int TOGETHER = 10;

    private final int port;
    private final List<Resource> resources;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, LongAdder> bySource = new ConcurrentHashMap<>();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final Semaphore served = new Semaphore(0);
    private volatile boolean stopped;

    private Crowd(int port, int clients, List<Resource> resources) {
        this.port = port;
        this.resources = resources;
        for (int i = 0; i < clients; i++) {
            int first = i;
            threads.add(new Thread(() -> run(first), "client-" + i));
        }
    }

    /**
     * Starts so many clients and returns when each of them has been served by the backend. They come a few at a time, because
     * the index does its TLS handshakes one after the other and the breaker must not see an outage yet.
     */
    static Crowd start(int port, int clients, List<Resource> resources) throws InterruptedException {
        Crowd crowd = new Crowd(port, clients, resources);
        int started = 0;
        for (Thread thread : crowd.threads) {
            thread.start();
            started++;
            if (started % TOGETHER == 0 && !crowd.served.tryAcquire(TOGETHER, 30, TimeUnit.SECONDS)) {
                crowd.close();
                throw new AssertionError("of " + started + " clients some were not served by the backend for 30 s: "
                        + crowd + crowd.errors());
            }
        }
        return crowd;
    }

    private void run(int first) {
        int turn = first;
        boolean counted = false;
        while (!stopped) {
            try (RawClient client = RawClient.clear(port)) {
                boolean keep = true;
                while (keep && !stopped) {
                    RawResponse answer = ask(client, resources.get(turn++ % resources.size()));
                    keep = answer.complete() && !"close".equalsIgnoreCase(answer.header("Connection"));
                    if (!counted && "backend".equals(answer.header("Detour-Source"))) {
                        counted = true;
                        served.release();
                    }
                }
            } catch (IOException e) {
                errors.add("client " + first + ": " + e);
            }
        }
    }

    private RawResponse ask(RawClient client, Resource resource) throws IOException {
        RawResponse answer = resource.get(client);
        String complaint = resource.complaint(answer);
        if (!complaint.isEmpty()) {
            errors.add(complaint);
        }
        bySource.computeIfAbsent(String.valueOf(answer.header("Detour-Source")), source -> new LongAdder())
                .increment();
        return answer;
    }

    /** Has every client finish what it is doing. */
    @Override
    public void close() {
        stopped = true;
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(15));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What users saw go wrong; at most the first few. */
    List<String> errors() {
        return errors.stream().limit(10).toList();
    }

    /** Answers with this {@code Detour-Source}. */
    long answersFrom(String source) {
        LongAdder count = bySource.get(source);
        return count == null ? 0 : count.sum();
    }

    /** All answers, from wherever. */
    long answers() {
        return bySource.values().stream().mapToLong(LongAdder::sum).sum();
    }

    @Override
    public String toString() {
        return "answers by source " + bySource + ", errors " + errors.size();
    }
}
