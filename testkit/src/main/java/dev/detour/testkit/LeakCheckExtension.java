package dev.detour.testkit;

import io.netty.util.LeakPresenceDetector;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves a reference-counted resource unreleased.
 *
 * <p>Found by JUnit itself through {@code META-INF/services} when {@code junit.jupiter.extensions.autodetection.enabled}
 * is set; needs {@code -Dio.netty.customResourceLeakDetector=io.netty.util.LeakPresenceDetector}. The detector counts
 * for the whole JVM, so test classes must not run in parallel within one. Buffers that are meant to live for ever
 * (constants) are created inside {@link LeakPresenceDetector#staticInitializer}. To see where the leaked resource was
 * created, add {@code -Dio.netty.util.LeakPresenceDetector.trackCreationStack=true}.
 */
public final class LeakCheckExtension implements AfterAllCallback {
    private static final Duration CLOSING = Duration.ofSeconds(30);
    private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();

    @Override
    public void afterAll(ExtensionContext context) {
        // a nested class ends while its outer class may still hold a server: the outer class is checked
        if (context.getParent().flatMap(ExtensionContext::getTestClass).isEmpty()) {
            check(CLOSING);
        }
    }

    /**
     * Fails if anything is still unreleased after {@code patience}: event loops that are closing release a little later
     * than the test that closed them.
     *
     * @throws IllegalStateException if something leaked, or if the leak detector is not in use
     */
    static void check(Duration patience) {
        OpenResources resources = new OpenResources();
        long start = System.nanoTime();
        // check() forgets what it counted, so it is asked once, when waiting is over
        while (resources.any() && System.nanoTime() - start < patience.toNanos()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        LeakPresenceDetector.check();
    }

    /** A view of the detector's counter that leaves it as it is. */
    private static final class OpenResources extends LeakPresenceDetector<Object> {
        OpenResources() {
            super(Object.class);
        }

        boolean any() {
            return currentScope().hasOpenResources();
        }
    }
}
