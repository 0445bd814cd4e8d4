package dev.detour.proxy.matrix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What was measured of one cell.
 *
 * @param outcome who answered
 * @param status what the client saw
 * @param waited until the answer was read
 * @param failure the label in the access line, or empty
 * @param verdict what the breaker made of it
 * @param otherwise the answer to the same request again, if it was another one; else empty
 * @param wrong what must not be, whatever the page says
 */
record Measured(
        Outcome outcome,
        int status,
        Duration waited,
        String failure,
        Verdict verdict,
        String otherwise,
        List<String> wrong) {
    Measured(Outcome outcome, int status, Duration waited, String failure) {
        this(outcome, status, waited, failure, Verdict.NONE, "", List.of());
    }

    /** A cell that could not be measured. */
    static Measured impossible(Throwable why) {
        return new Measured(Outcome.BROKEN, 0, Duration.ZERO, "", Verdict.NONE, "", List.of(String.valueOf(why)));
    }

    Measured judged(Verdict judged) {
        return new Measured(outcome, status, waited, failure, judged, otherwise, wrong);
    }

    /** The same, with more that is wrong. */
    Measured with(List<String> found) {
        List<String> all = new ArrayList<>(wrong);
        all.addAll(found);
        return new Measured(outcome, status, waited, failure, verdict, otherwise, List.copyOf(all));
    }

    /** The same with the shorter wait: a busy machine only adds to it. */
    Measured atBest(Measured again) {
        boolean same = outcome == again.outcome && status == again.status && failure.equals(again.failure);
        Duration shorter = waited.compareTo(again.waited) < 0 ? waited : again.waited;
        return new Measured(outcome, status, shorter, failure, verdict, same ? otherwise : again.toString(), wrong);
    }

    /** Whether it is what the page says. */
    boolean is(Cell expected) {
        return cell(expected.limit()).equals(expected) && otherwise.isEmpty();
    }

    /** As the page has it; with the word for the wait that is expected, if it is not wrong. */
    Cell cell(Wait expected) {
        return new Cell(outcome, status, Wait.of(waited, expected), verdict);
    }

    @Override
    public String toString() {
        String again = otherwise.isEmpty() ? "" : ", asked again: " + otherwise;
        return cell(Wait.NOW) + " (" + waited.toMillis() + " ms, failure=" + failure + ")" + again;
    }
}
