package dev.detour.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultSwitchTest {
    private final List<DemoFault> applied = new ArrayList<>();
    private final FaultSwitch faultSwitch = new FaultSwitch(applied::add);

    @ParameterizedTest
    @EnumSource
    void labelOfEachFaultPutsItInForce(DemoFault fault) {
        String sentence = faultSwitch.apply(fault.label());

        assertThat(applied).containsExactly(fault);
        assertThat(sentence).contains(fault.effect());
    }

    @Test
    void labelsAreTheWordsOfTheCommandLine() {
        assertThat(DemoFault.values())
                .extracting(DemoFault::label)
                .containsExactly(
                        "heal", "tls-expired", "tls-untrusted", "refuse", "reset", "hang", "slow", "500", "truncate");
    }

    @Test
    void caseAndBlanksAroundALabelDoNotMatter() {
        faultSwitch.apply(" TLS-Expired\n");

        assertThat(applied).containsExactly(DemoFault.TLS_EXPIRED);
    }

    @Test
    void unknownLabelIsRefusedWithTheListOfLabels() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> faultSwitch.apply("explode"))
                .withMessage(
                        "fault: explode (expected: one of heal, tls-expired, tls-untrusted, refuse, reset, hang, slow, 500, truncate)");
        assertThat(applied).isEmpty();
    }
}
