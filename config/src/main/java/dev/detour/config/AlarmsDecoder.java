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

    private static Receiver receiver(String name, Section section) {
        if (section.alternatives(List.of("webhook", "alertmanager"), FORMS).isEmpty()) {
            section.missing("webhook", FORMS);
        }
        boolean webhook = section.has("webhook");
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
                section.duration("repeat", SHORTEST_REPEAT));
    }
}
