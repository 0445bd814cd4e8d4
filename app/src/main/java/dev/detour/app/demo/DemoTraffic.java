package dev.detour.app.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** The record of what reached the demo index; safe for any thread. */
final class DemoTraffic {
    /** Probes come in for as long as the demo runs, so only the newest requests are kept. */
    private static final int KEPT = 10_000;

    private final Deque<DemoRequest> requests = new ArrayDeque<>();
    private final List<Consumer<DemoRequest>> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder requestCount = new LongAdder();
    private final LongAdder uploads = new LongAdder();
    private final LongAdder uploadedBytes = new LongAdder();

    void request(DemoRequest request) {
        requestCount.increment();
        synchronized (requests) {
            requests.addLast(request);
            if (requests.size() > KEPT) {
                requests.removeFirst();
            }
        }
        listeners.forEach(listener -> listener.accept(request));
    }

    void uploadPart(int bytes) {
        uploadedBytes.add(bytes);
    }

    void uploadFinished() {
        uploads.increment();
    }

    void listen(Consumer<DemoRequest> listener) {
        listeners.add(listener);
    }

    List<DemoRequest> newest() {
        synchronized (requests) {
            return new ArrayList<>(requests);
        }
    }

    long requestCount() {
        return requestCount.sum();
    }

    long uploads() {
        return uploads.sum();
    }

    long uploadedBytes() {
        return uploadedBytes.sum();
    }
}
