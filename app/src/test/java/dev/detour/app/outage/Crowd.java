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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Many clients at once, each on a connection of its own that it keeps, asking for one resource after the other without a
 * pause. They repeat nothing: whatever goes wrong is noted as an error that a user would have seen.
 */
final class Crowd implements AutoCloseable {
    private final int port;
    private final List<Resource> resources;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, LongAdder> bySource = new ConcurrentHashMap<>();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final CountDownLatch allServed;
    private volatile boolean stopped;

    private Crowd(int port, int clients, List<Resource> resources) {
        this.port = port;
        this.resources = resources;
        this.allServed = new CountDownLatch(clients);
        for (int i = 0; i < clients; i++) {
            int first = i;
            threads.add(new Thread(() -> run(first), "client-" + i));
        }
    }

    /** Starts so many clients and returns when each of them has been served once. */
    static Crowd start(int port, int clients, List<Resource> resources) throws InterruptedException {
        Crowd crowd = new Crowd(port, clients, resources);
        crowd.threads.forEach(Thread::start);
        if (!crowd.allServed.await(30, TimeUnit.SECONDS)) {
            crowd.close();
            throw new AssertionError(crowd.allServed.getCount() + " clients not served within 30 s: " + crowd.errors());
        }
        return crowd;
    }

    private void run(int first) {
        int turn = first;
        while (!stopped) {
            try (RawClient client = RawClient.clear(port)) {
                boolean keep = true;
                while (keep && !stopped) {
                    keep = ask(client, resources.get(turn % resources.size()));
                    if (turn++ == first) {
                        allServed.countDown();
                    }
                }
            } catch (IOException e) {
                errors.add("client " + first + ": " + e);
            }
        }
    }

    /** Returns whether the connection may be used again. */
    private boolean ask(RawClient client, Resource resource) throws IOException {
        RawResponse answer = resource.get(client);
        String complaint = resource.complaint(answer);
        if (!complaint.isEmpty()) {
            errors.add(complaint);
        }
        bySource.computeIfAbsent(String.valueOf(answer.header("Detour-Source")), source -> new LongAdder())
                .increment();
        return answer.complete() && !"close".equalsIgnoreCase(answer.header("Connection"));
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
