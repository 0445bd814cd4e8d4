package dev.detour.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.health.endpoint.Standing;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryRuleTest {
    @Test
    void aReadMayGoToAnotherEndpoint() {
        assertThat(RetryRule.mayAskAnother(true, true, false, 1)).isTrue();
    }

    @Test
    void attemptsAreLimited() {
        assertThat(RetryRule.mayAskAnother(true, false, false, 0)).isFalse();
    }

    @Test
    void anEndpointThatIsKnownToFailIsNotWorthASecondAttempt() {
        assertThat(RetryRule.worthAsking(Standing.UP)).isTrue();
        assertThat(RetryRule.worthAsking(Standing.EJECTED)).isTrue();
        assertThat(RetryRule.worthAsking(Standing.REJECTED)).isFalse();
        assertThat(RetryRule.worthAsking(Standing.DOWN)).isFalse();
    }

    @Test
    void aWriteMayMoveOnlyWhileNothingOfItWasSent() {
        assertThat(RetryRule.mayAskAnother(false, false, false, 1)).isTrue();
        assertThat(RetryRule.mayAskAnother(false, true, false, 1)).isFalse();
    }

    @Test
    void aBodyThatWasPassedOnCannotBeSentAgain() {
        assertThat(RetryRule.mayAskAnother(true, true, true, 1)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"RESET", "CLOSED"})
    void aUsedConnectionThatEndsWithoutAnAnswerDiedOfOldAge(FailureKind kind) {
        Failure failure = Failure.of(kind, "");

        assertThat(RetryRule.diedOfOldAge(failure, true, false)).isTrue();
        assertThat(RetryRule.diedOfOldAge(failure, false, false)).isFalse();
        assertThat(RetryRule.diedOfOldAge(failure, true, true)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RESET", "CLOSED", "TLS", "STATUS"})
    void noOtherEndIsOldAge(FailureKind kind) {
        assertThat(RetryRule.diedOfOldAge(Failure.of(kind, ""), true, false)).isFalse();
    }
}
