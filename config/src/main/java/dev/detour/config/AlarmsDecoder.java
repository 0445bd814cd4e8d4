package dev.detour.config;

import dev.detour.config.AlarmsConfig.Form;
import dev.detour.config.AlarmsConfig.Least;
import dev.detour.config.AlarmsConfig.Receiver;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code alarms}. */
final class AlarmsDecoder {
    private static final String FORMS = "either webhook or alertmanager";
    private static final Duration SHORTEST_REPEAT = Duration.ofMinutes(1);
    private static final Notation<Least> LEAST = Notation.oneOf(Least.values(), Least::label);

    private AlarmsDecoder() {}

    static AlarmsConfig decode(Section section) {
        List<Receiver> receivers = new ArrayList<>();
        section.named("receivers", "a mapping of name to a receiver with webhook or alertmanager")
                .forEach((name, receiver) -> receivers.add(receiver(name, receiver)));
        return new AlarmsConfig(section.find("instance", Notation.NAME), receivers);
    }

    private static Duration repeat(Section section) {
        Duration repeat = section.get("repeat", Notation.DURATION);
        if (repeat.compareTo(SHORTEST_REPEAT) < 0) {
            section.problem(
                    "repeat", Problems.quoted(Units.format(repeat)), "at least " + Units.format(SHORTEST_REPEAT));
        }
        return repeat;
    }

    private static Receiver receiver(String name, Section section) {
        boolean webhook = section.has("webhook");
        if (!webhook && !section.has("alertmanager")) {
            section.missing("webhook", FORMS);
        } else if (webhook && section.has("alertmanager")) {
            section.problem("alertmanager", "beside webhook", FORMS);
        }
        URI hook = section.find("webhook", WebRoot.PAGE);
        URI alertmanager = section.find("alertmanager", WebRoot.SERVICE);
        URI url = webhook ? hook : alertmanager;
        return new Receiver(
                name,
                webhook ? Form.WEBHOOK : Form.ALERTMANAGER,
                url == null ? WebRoot.BROKEN : url,
                FileCheck.fileToBe(section, "token-file", "a bearer token"),
                FileCheck.readable(section, "trust", "PEM certificates of the authorities to trust"),
                section.get("least", LEAST),
                repeat(section));
    }
}
