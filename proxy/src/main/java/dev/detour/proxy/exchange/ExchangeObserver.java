package dev.detour.proxy.exchange;

import dev.detour.health.failure.Failure;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.route.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who counts and logs what exchanges do. Called on event loops: implementations neither block nor throw. They hear of
 * everything, and attend to what they count.
 */
public interface ExchangeObserver {
    /**
     * An attempt has its outcome.
     *
     * @param failure what went wrong, or null if an answer was committed
     */
    default void onAttempt(Backend backend, @Nullable Failure failure) {}

    /** Another endpoint is asked after an attempt failed. */
    default void onRetry(Backend backend) {}

    /** A request is sent again because the connection it went over, which had been kept, turned out to be dead. */
    default void onRepeat(Backend backend) {}

    /** An exchange is over; the accessors of its answer hold final values. */
    default void onFinished(ClientAnswer answer) {}

    /** A fetch for the cache is over, {@code nanos} after it began. */
    default void onFill(Route route, FillOutcome outcome, long nanos) {}

    /** All of {@code observers}, in order. */
    static ExchangeObserver all(List<ExchangeObserver> observers) {
        ExchangeObserver[] each = observers.toArray(ExchangeObserver[]::new);
        return new ExchangeObserver() {
            @Override
            public void onAttempt(Backend backend, @Nullable Failure failure) {
                for (ExchangeObserver observer : each) {
                    observer.onAttempt(backend, failure);
                }
            }

            @Override
            public void onRetry(Backend backend) {
                for (ExchangeObserver observer : each) {
                    observer.onRetry(backend);
                }
            }

            @Override
            public void onRepeat(Backend backend) {
                for (ExchangeObserver observer : each) {
                    observer.onRepeat(backend);
                }
            }

            @Override
            public void onFinished(ClientAnswer answer) {
                for (ExchangeObserver observer : each) {
                    observer.onFinished(answer);
                }
            }

            @Override
            public void onFill(Route route, FillOutcome outcome, long nanos) {
                for (ExchangeObserver observer : each) {
                    observer.onFill(route, outcome, nanos);
                }
            }
        };
    }
}
