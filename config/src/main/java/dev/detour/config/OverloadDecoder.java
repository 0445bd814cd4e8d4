package dev.detour.config;

import dev.detour.config.BackendConfig.Overload;
import java.util.List;

/** Reads the {@code overload} of a backend. */
final class OverloadDecoder {
    private static final int ADAPTIVE = 0;
    private static final int BURST_SECONDS = 5;
    private static final Notation<Integer> COUNT = Notation.number(1, Integer.MAX_VALUE);
    private static final Notation<Integer> COUNT_OR_NONE = Notation.number(0, Integer.MAX_VALUE);
    private static final Notation<Integer> PER_SECOND = Notation.number(1, 1_000_000);
    private static final Notation<Integer> LIMIT = new Notation<>(
            "adaptive, or " + COUNT.expected(),
            text -> text.equals("adaptive")
                    ? Integer.valueOf(ADAPTIVE)
                    : COUNT.parse().apply(text));

    private OverloadDecoder() {}

    static Overload decode(Section backend) {
        Section overload = backend.childOrEmpty("overload");
        int limit = overload.get("limit", LIMIT);
        boolean adaptive = limit == ADAPTIVE;
        int minimum = overload.get("minimum", COUNT);
        int maximum = overload.get("maximum", COUNT);
        if (adaptive) {
            Order.<Integer>atMost("minimum", "maximum", String::valueOf).check(overload, minimum, maximum);
        } else {
            refuseBounds(overload, limit);
        }
        Integer perClient = overload.find("json-per-client", PER_SECOND);
        Integer burst = overload.find("json-burst", COUNT);
        if (overload.has("json-burst") && !overload.has("json-per-client")) {
            overload.problem("json-burst", "present", "json-per-client as well, or no json-burst");
        }
        int perSecond = perClient == null ? 0 : perClient;
        return new Overload(
                overload.get("connections", COUNT),
                adaptive,
                adaptive ? minimum : limit,
                adaptive ? maximum : limit,
                overload.get("queue", COUNT_OR_NONE),
                overload.get("queue-time", Notation.DURATION),
                perSecond,
                burst == null ? BURST_SECONDS * perSecond : burst);
    }

    private static void refuseBounds(Section overload, int limit) {
        for (String key : List.of("minimum", "maximum")) {
            if (overload.has(key)) {
                overload.problem(
                        key, "present", "no " + key + " with limit " + limit + "; only an adaptive one has bounds");
            }
        }
    }
}
