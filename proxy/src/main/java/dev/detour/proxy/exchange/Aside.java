package dev.detour.proxy.exchange;

import dev.detour.mirror.MirrorAnswer;
import java.util.concurrent.TimeUnit;

/** Others asked while the backend may still answer, or may yet be asked. Who has something to send first answers. */
final class Aside {
    /** How long a read waits for a fallback that is only asked to spare the backend. */
    private static final long PATIENCE_MILLIS = 200;

    private Aside() {}

    /** Asks others beside the backend. */
    static void ask(Exchange exchange, ServingOrder elsewhere, String because) {
        if (elsewhere.standsInAside(because)) {
            return;
        }
        elsewhere.askAside(given -> guarded(exchange, () -> {
            if (given instanceof MirrorAnswer.Found found) {
                exchange.replaceBy(found, because);
            } else {
                exchange.askBackendAfterAll();
            }
        }));
    }

    /** Asks others before a backend that has just come back, which is asked if they have nothing within a moment. */
    static void askFirst(Exchange exchange, ServingOrder elsewhere, Worker worker) {
        ask(exchange, elsewhere, "ramp");
        if (!exchange.undecided()) {
            return;
        }
        var unused = worker.loop()
                .schedule(
                        () -> guarded(exchange, exchange::askBackendAfterAll), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static void guarded(Exchange exchange, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            exchange.onBug(e);
        }
    }
}
