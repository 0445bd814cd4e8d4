package dev.detour.config.mode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every mode rule in force. A rule for the route wins over one for its backend, and that one over the rule for
 * everything; a narrower {@code normal} therefore exempts its place from a wider mode.
 *
 * @param rules at most one for each scope
 */
public record Modes(List<ModeRule> rules) {
    /** No wish: everything is normal. */
    public static final Modes NONE = new Modes(List.of());

    public Modes {
        rules = List.copyOf(rules);
    }

    /** These rules with {@code rule} in place of any for the same scope; a normal rule for everything is not kept. */
    public Modes with(ModeRule rule) {
        List<ModeRule> changed = new ArrayList<>(rules);
        changed.removeIf(rule::sameScope);
        if (rule.mode() != Mode.NORMAL || rule.backend() != null || rule.route() != null) {
            changed.add(rule);
        }
        return new Modes(changed);
    }

    /** These rules without the ones that have ended by {@code now}; the same object if none has. */
    public Modes at(Instant now) {
        if (rules.stream().noneMatch(rule -> rule.expired(now))) {
            return this;
        }
        return new Modes(rules.stream().filter(rule -> !rule.expired(now)).toList());
    }

    /** When the next rule ends by itself, or null if none does. */
    public @Nullable Instant nextExpiry() {
        Instant next = null;
        for (ModeRule rule : rules) {
            Instant until = rule.until();
            if (until != null && (next == null || until.isBefore(next))) {
                next = until;
            }
        }
        return next;
    }

    /** The narrowest rule that holds for this route of this backend, or null for plain normal. */
    public @Nullable ModeRule ruleFor(String route, String backend) {
        ModeRule best = null;
        for (ModeRule rule : rules) {
            if (rule.holdsFor(route, backend) && (best == null || rule.narrowness() > best.narrowness())) {
                best = rule;
            }
        }
        return best;
    }
}
