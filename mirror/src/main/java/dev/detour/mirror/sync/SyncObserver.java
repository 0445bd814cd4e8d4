package dev.detour.mirror.sync;

/** Told how a run goes, on the run's own threads. No method blocks or fails. */
public interface SyncObserver {
    /** An observer that does not care. */
    SyncObserver NONE = new SyncObserver() {};

    /** So many projects are to be fetched. */
    default void onStart(long tasks) {}

    /** A project has been dealt with; {@code detail} is "" where there is nothing to say. */
    default void onProject(String project, Outcome outcome, String detail) {}

    /** The run is over. */
    default void onFinish(SyncReport report) {}

    /** Tells several. */
    static SyncObserver all(Iterable<SyncObserver> observers) {
        return new SyncObserver() {
            @Override
            public void onStart(long tasks) {
                observers.forEach(observer -> observer.onStart(tasks));
            }

            @Override
            public void onProject(String project, Outcome outcome, String detail) {
                observers.forEach(observer -> observer.onProject(project, outcome, detail));
            }

            @Override
            public void onFinish(SyncReport report) {
                observers.forEach(observer -> observer.onFinish(report));
            }
        };
    }
}
