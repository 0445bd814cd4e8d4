package dev.detour.proxy.exchange;

import dev.detour.health.endpoint.Standing;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;

/** Whether another attempt may follow a failed one: guard clauses, each with its reason. */
final class RetryRule {
    private RetryRule() {}

    /**
     * Whether the same endpoint is asked again at once over a fresh connection. An idle connection may have been closed by
     * the backend just as it was used: that says nothing about the backend's health.
     *
     * @param reused whether an earlier request had already gone over the connection
     * @param answerBegun whether any byte of an answer arrived
     */
    static boolean diedOfOldAge(Failure failure, boolean reused, boolean answerBegun) {
        return reused && !answerBegun && (failure.kind() == FailureKind.RESET || failure.kind() == FailureKind.CLOSED);
    }

    /** Whether a second endpoint is worth the time: not one that is known to fail, while a fallback may answer at once. */
    static boolean worthAsking(Standing standing) {
        return standing == Standing.UP || standing.standsBy();
    }

    /**
     * Whether another endpoint may be asked.
     *
     * @param safe whether the request is a GET or HEAD
     * @param sent whether any byte of the request was sent
     * @param bodyTouched whether part of a request body was passed on and is gone
     * @param attemptsLeft attempts the configuration still allows
     */
    static boolean mayAskAnother(boolean safe, boolean sent, boolean bodyTouched, int attemptsLeft) {
        if (attemptsLeft <= 0) {
            return false;
        }
        // a body that was streamed on cannot be sent again
        if (bodyTouched) {
            return false;
        }
        // the backend may have acted on a write whose answer was lost
        return safe || !sent;
    }
}
