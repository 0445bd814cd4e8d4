package dev.detour.proxy.exchange;

import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import dev.detour.proxy.loop.Sweep;
import dev.detour.proxy.loop.Timed;
import org.jspecify.annotations.Nullable;

/** How long an exchange waits for its backend: until others are asked beside it, and until it is given up. */
final class Patience implements Timed {
    private final Exchange exchange;
    private final Plan plan;
    private final long started;
    private Sweep.@Nullable Registration timer;
    private boolean othersAsked;

    private Patience(Exchange exchange, Plan plan, long started) {
        this.exchange = exchange;
        this.plan = plan;
        this.started = started;
    }

    /** Begins to look at the clock, or null if the plan sets no limit. */
    static @Nullable Patience begin(Exchange exchange, Plan plan, long started, Sweep sweep) {
        if (plan.deadlineNanos() == 0 && plan.divertNanos() == 0) {
            return null;
        }
        Patience patience = new Patience(exchange, plan, started);
        patience.timer = sweep.add(patience);
        return patience;
    }

    @Override
    public void onTick(long nowNanos) {
        long elapsed = nowNanos - started;
        if (plan.deadlineNanos() > 0 && elapsed >= plan.deadlineNanos()) {
            long millis = plan.deadlineNanos() / 1_000_000;
            end();
            exchange.expire(
                    Failure.of(FailureKind.DEADLINE, "no answer within " + millis + " ms, all attempts together"));
        } else if (plan.divertNanos() > 0 && elapsed >= plan.divertNanos() && !othersAsked) {
            othersAsked = true;
            exchange.askAside("divert_after");
        }
    }

    /** Looks no more. */
    void end() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
