package dev.detour.mirror.capture;

import dev.detour.mirror.MirrorResource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Remembers what it was told, and lets a test wait for it. */
final class RecordingObserver implements CaptureObserver {
    private static final long PATIENCE_MILLIS = 10_000;

    private final List<CaptureOutcome> outcomes = new ArrayList<>();
    private final List<String> details = new ArrayList<>();
    private final List<Decision.Sample> samples = new ArrayList<>();

    @Override
    public synchronized void onOutcome(MirrorResource resource, CaptureOutcome outcome, String detail) {
        outcomes.add(outcome);
        details.add(detail);
        notifyAll();
    }

    @Override
    public synchronized void onPage(String project, byte @Nullable [] stored, byte[] captured, OptionalLong serial) {
        samples.add(new Decision.Sample(stored, captured, serial));
    }

    synchronized List<Decision.Sample> samples() {
        return List.copyOf(samples);
    }

    synchronized List<String> details() {
        return List.copyOf(details);
    }

    synchronized List<CaptureOutcome> outcomes() {
        return List.copyOf(outcomes);
    }

    /** The outcomes once there are so many. */
    synchronized List<CaptureOutcome> await(int count) {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (outcomes.size() < count) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(outcomes + " (expected: " + count + " outcomes)");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
        return List.copyOf(outcomes);
    }
}
