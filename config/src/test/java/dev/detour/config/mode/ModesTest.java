package dev.detour.config.mode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModesTest {
    private static final Instant NOON = Instant.parse("2026-04-05T12:00:00Z");

    @Test
    void withoutRulesNothingHolds() {
        assertThat(Modes.NONE.ruleFor("simple-index", "warehouse")).isNull();
    }

    @Test
    void aRuleForEverythingHoldsEverywhere() {
        ModeRule everywhere = rule(Mode.READ_ONLY, null, null, null);

        assertThat(Modes.NONE.with(everywhere).ruleFor("files", "store")).isEqualTo(everywhere);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void theNarrowestRuleWinsInWhateverOrderTheyWereSet(int order) {
        ModeRule everywhere = rule(Mode.OFFLINE, null, null, null);
        ModeRule backend = rule(Mode.DIVERT, "warehouse", null, null);
        ModeRule route = rule(Mode.NORMAL, null, "upload", null);
        List<ModeRule> rules = permutation(List.of(everywhere, backend, route), order);

        Modes modes = Modes.NONE.with(rules.get(0)).with(rules.get(1)).with(rules.get(2));

        assertThat(modes.ruleFor("upload", "warehouse")).isEqualTo(route);
        assertThat(modes.ruleFor("files", "warehouse")).isEqualTo(backend);
        assertThat(modes.ruleFor("files", "store")).isEqualTo(everywhere);
    }

    @Test
    void aRuleForAnotherPlaceDoesNotHold() {
        Modes modes =
                Modes.NONE.with(rule(Mode.DIVERT, "store", null, null)).with(rule(Mode.OFFLINE, null, "upload", null));

        assertThat(modes.ruleFor("files", "warehouse")).isNull();
    }

    @Test
    void aRuleForARouteOfABackendHoldsOnlyThere() {
        ModeRule both = rule(Mode.OFFLINE, "warehouse", "upload", null);
        Modes modes = Modes.NONE.with(both);

        assertThat(modes.ruleFor("upload", "warehouse")).isEqualTo(both);
        assertThat(modes.ruleFor("upload", "store")).isNull();
        assertThat(modes.ruleFor("files", "warehouse")).isNull();
    }

    @Test
    void aNewRuleReplacesTheOneForTheSamePlace() {
        Modes modes = Modes.NONE
                .with(rule(Mode.DIVERT, "warehouse", null, null))
                .with(rule(Mode.OFFLINE, "warehouse", null, NOON));

        assertThat(modes.rules()).containsExactly(rule(Mode.OFFLINE, "warehouse", null, NOON));
    }

    @Test
    void normalForEverythingLeavesNothingBehind() {
        Modes modes = Modes.NONE.with(rule(Mode.DIVERT, null, null, null)).with(rule(Mode.NORMAL, null, null, null));

        assertThat(modes).isEqualTo(Modes.NONE);
    }

    @Test
    void normalForEverythingLeavesNarrowerRulesAlone() {
        ModeRule narrow = rule(Mode.DIVERT, "warehouse", null, null);

        assertThat(Modes.NONE
                        .with(narrow)
                        .with(rule(Mode.NORMAL, null, null, null))
                        .rules())
                .containsExactly(narrow);
    }

    @Test
    void aRuleEndsAtItsInstantAndNotBefore() {
        ModeRule untilNoon = rule(Mode.DIVERT, null, null, NOON);
        Modes modes = Modes.NONE.with(untilNoon);

        assertThat(modes.at(NOON.minusNanos(1))).isSameAs(modes);
        assertThat(modes.at(NOON)).isEqualTo(Modes.NONE);
    }

    @Test
    void onlyWhatHasEndedIsDropped() {
        ModeRule lasting = rule(Mode.READ_ONLY, null, null, null);
        Modes modes = Modes.NONE.with(lasting).with(rule(Mode.DIVERT, "warehouse", null, NOON));

        assertThat(modes.at(NOON.plusSeconds(1)).rules()).containsExactly(lasting);
    }

    @Test
    void theNextExpiryIsTheEarliest() {
        Modes modes = Modes.NONE
                .with(rule(Mode.READ_ONLY, null, null, null))
                .with(rule(Mode.DIVERT, "warehouse", null, NOON.plusSeconds(60)))
                .with(rule(Mode.DIVERT, "store", null, NOON));

        assertThat(modes.nextExpiry()).isEqualTo(NOON);
        assertThat(Modes.NONE.nextExpiry()).isNull();
    }

    private static List<ModeRule> permutation(List<ModeRule> rules, int number) {
        int first = number / 2;
        List<ModeRule> rest = new java.util.ArrayList<>(rules);
        ModeRule head = rest.remove(first);
        return number % 2 == 0 ? List.of(head, rest.get(0), rest.get(1)) : List.of(head, rest.get(1), rest.get(0));
    }

    private static ModeRule rule(Mode mode, @Nullable String backend, @Nullable String route, @Nullable Instant until) {
        return new ModeRule(mode, backend, route, null, until, null, NOON.minusSeconds(3600));
    }
}
