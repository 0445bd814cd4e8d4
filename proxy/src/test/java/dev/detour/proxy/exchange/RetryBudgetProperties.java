package dev.detour.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The counters against a list of the live requests. */
class RetryBudgetProperties {
    private static final int FLOOR = 3;

    /** Each step picks a request: a live one takes a retry or leaves, otherwise a new one enters. */
    @Property
    void aRetryIsGrantedExactlyWhileTheShareOfLiveRequestsIsNotUsedUp(
            @ForAll @DoubleRange(min = 0.01, max = 1.0) double share,
            @ForAll @Size(max = 200) List<@IntRange(max = 60) Integer> steps) {
        RetryBudget budget = new RetryBudget(share);
        List<Boolean> live = new ArrayList<>();
        for (int step : steps) {
            int at = step / 2;
            if (at >= live.size()) {
                budget.enter();
                live.add(false);
            } else if (step % 2 == 0) {
                budget.leave(live.remove(at));
            } else if (!live.get(at)) {
                long retries = live.stream().filter(retried -> retried).count();
                boolean expected = retries < Math.max(FLOOR, share * live.size());

                boolean granted = budget.tryTake();

                assertThat(granted).isEqualTo(expected);
                live.set(at, granted);
            }
        }
    }
}
