package dev.detour.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class RetryBudgetProperties {
    /** Each step is a request, or a wish for a retry. */
    @Property
    void noMoreIsEverGrantedThanTheShareOfAllRequestsAndTheReserve(
            @ForAll @DoubleRange(min = 0.01, max = 1.0) double share, @ForAll @Size(max = 500) List<Boolean> steps) {
        RetryBudget budget = new RetryBudget(share);
        int requests = 0;
        int retries = 0;

        for (boolean request : steps) {
            if (request) {
                budget.deposit();
                requests++;
            } else if (budget.tryTake()) {
                retries++;
            }
            assertThat(retries).isLessThanOrEqualTo((int) (share * requests + 1e-9) + RetryBudget.RESERVE);
        }
    }

    @Property
    void quietTimesEarnNoMoreThanTheReserve(@ForAll @Size(max = 500) List<Boolean> healthy) {
        RetryBudget budget = new RetryBudget(1.0);
        healthy.forEach(any -> budget.deposit());

        int granted = 0;
        while (budget.tryTake()) {
            granted++;
        }

        assertThat(granted).isEqualTo(RetryBudget.RESERVE);
    }

    @Property
    void aBudgetThatIsUsedUpGrantsTheShareOfWhatComes(@ForAll @DoubleRange(min = 0.05, max = 1.0) double share) {
        RetryBudget budget = new RetryBudget(share);
        while (budget.tryTake()) {
            // uses the reserve up
        }

        int granted = 0;
        for (int request = 0; request < 1000; request++) {
            budget.deposit();
            granted += budget.tryTake() ? 1 : 0;
        }

        assertThat((double) granted).isBetween(1000 * share - 2, 1000 * share + 1);
    }
}
