package dev.detour.fleet;

import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.config.mode.Modes;
import java.util.List;

/**
 * Rules of mode {@code normal} for a backend or route, which say "not here" to a wider rule.
 *
 * <p>One that has nothing left to be exempt from is dropped. Kept, it would lie in wait: an operator who diverts a backend,
 * sets it back to normal, and a month later takes everything offline would find that backend still serving.
 */
final class Exemptions {
    private Exemptions() {}

    /** These modes without exemptions that have no effect; the same object if all have one. */
    static Modes pruned(Modes modes) {
        List<ModeRule> kept = modes.rules().stream()
                .filter(rule -> rule.mode() != Mode.NORMAL || hasWiderRule(rule, modes.rules()))
                .toList();
        return kept.size() == modes.rules().size() ? modes : new Modes(kept);
    }

    /** A route's backend is not known here, so that a rule for any backend counts as wider than one for a route. */
    private static boolean hasWiderRule(ModeRule exemption, List<ModeRule> rules) {
        return rules.stream()
                .filter(rule -> rule.mode() != Mode.NORMAL && rule.route() == null)
                .anyMatch(rule -> rule.backend() == null || exemption.route() != null);
    }
}
