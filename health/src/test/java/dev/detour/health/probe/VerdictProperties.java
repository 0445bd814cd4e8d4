package dev.detour.health.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class VerdictProperties {

    @Property
    void agreesWithALookBackOverTheWholeHistory(
            @ForAll @Size(min = 1, max = 60) List<Boolean> outcomes,
            @ForAll @IntRange(min = 1, max = 4) int upAfter,
            @ForAll @IntRange(min = 1, max = 4) int downAfter) {
        Verdict verdict = new Verdict(upAfter, downAfter);

        for (int n = 1; n <= outcomes.size(); n++) {
            boolean news = verdict.take(outcomes.get(n - 1));

            List<Boolean> history = outcomes.subList(0, n);
            assertThat(verdict.up()).isEqualTo(standing(history, upAfter, downAfter));
            assertThat(news)
                    .isEqualTo(n == 1
                            || standing(history, upAfter, downAfter)
                                    != standing(history.subList(0, n - 1), upAfter, downAfter));
        }
    }

    /** The kind of the latest run that was long enough; the first outcome stands if none was. */
    private static boolean standing(List<Boolean> history, int upAfter, int downAfter) {
        for (int end = history.size(); end > 0; end--) {
            boolean kind = history.get(end - 1);
            int from = end - (kind ? upAfter : downAfter);
            if (from >= 0 && history.subList(from, end).stream().allMatch(outcome -> outcome == kind)) {
                return kind;
            }
        }
        return history.get(0);
    }

    @Example
    void refusesToFlipAfterNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Verdict(0, 1))
                .withMessage("up-after: 0, down-after: 1 (expected: at least 1)");
    }
}
