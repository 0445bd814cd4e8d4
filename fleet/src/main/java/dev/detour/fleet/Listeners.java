package dev.detour.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told about a value that changes. Guarded by the lock of its owner. */
final class Listeners<T> {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private final List<Consumer<T>> all = new ArrayList<>();
    private final String what;
    private boolean telling;

    /** @param what is told, for the log */
    Listeners(String what) {
        this.what = what;
    }

    void add(Consumer<T> listener, T value) {
        all.add(listener);
        tell(listener, value);
    }

    void tellAll(T value) {
        all.forEach(listener -> tell(listener, value));
    }

    /** Whether the calling thread, which holds the lock, is inside of a listener. */
    boolean telling() {
        return telling;
    }

    void clear() {
        all.clear();
    }

    /** One listener that fails does not keep the change from the others. */
    private void tell(Consumer<T> listener, T value) {
        telling = true;
        try {
            listener.accept(value);
        } catch (RuntimeException e) {
            log.error("a listener failed on a change of {}", what, e);
        } finally {
            telling = false;
        }
    }
}
