package dev.detour.health.probe;

/** An endpoint's probing, for as long as it goes on. */
public interface Watch {
    /**
     * Ends it: a probe in progress is dropped, and the listener is told nothing from then on. A call of the listener that
     * has begun on the loop may still be running. Thread-safe; may be called again.
     */
    void cancel();
}
