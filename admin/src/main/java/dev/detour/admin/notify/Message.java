package dev.detour.admin.notify;

import dev.detour.health.finding.Severity;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What one receiver is sent, in the words it understands. */
final class Message {
    /** Alarms in one request. */
    static final int MOST = 500;
    /** How often an Alertmanager is told what lasts: it takes what it is not told again for over. */
    static final Duration RESEND = Duration.ofMinutes(1);

    private static final Duration HOLD = Duration.ofMinutes(5);
    private static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final NotifierSettings settings;

    Message(NotifierSettings settings) {
        this.settings = settings;
    }

    /** The first part of what is due that fits into one request: only what lasts, or only what is over. */
    static List<Notice> part(List<Notice> due) {
        boolean firing = due.get(0).firing();
        return due.stream()
                .filter(notice -> notice.firing() == firing)
                .limit(MOST)
                .toList();
    }

    URI target() {
        if (settings.kind() == ReceiverKind.WEBHOOK) {
            return settings.url();
        }
        String base = settings.url().toString().replaceAll("/+$", "");
        return URI.create(base + "/api/v2/alerts");
    }

    byte[] body(List<Notice> part, Instant at) {
        return JSON.writeValueAsBytes(
                settings.kind() == ReceiverKind.WEBHOOK ? webhook(part, at) : alertmanager(part, at));
    }

    private ObjectNode webhook(List<Notice> part, Instant at) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", VERSION)
                .put("at", at.toString())
                .put("instance", settings.instance())
                .put("status", part.get(0).firing() ? "firing" : "resolved");
        ArrayNode alarms = json.putArray("alarms");
        for (Notice notice : part) {
            Alarm alarm = notice.alarm();
            ObjectNode each = alarms.addObject()
                    .put("key", alarm.key())
                    .put("rule", alarm.rule())
                    .put("severity", alarm.severity().label())
                    .put("source", alarm.source())
                    .put("place", alarm.place())
                    .put("text", alarm.text())
                    .put("since", alarm.since().toString());
            if (notice.until() != null) {
                each.put("until", notice.until().toString());
            }
        }
        return json;
    }

    private ArrayNode alertmanager(List<Notice> part, Instant at) {
        ArrayNode alerts = JsonNodeFactory.instance.arrayNode();
        for (Notice notice : part) {
            Instant end = notice.until() == null ? at.plus(HOLD) : notice.until();
            alert(alerts.addObject(), notice.alarm(), notice.alarm().severity(), end);
            if (notice.before() != null) {
                // an alert is its labels: with another severity it is another alert, and the old one has to end
                alert(alerts.addObject(), notice.alarm(), notice.before(), at);
            }
        }
        return alerts;
    }

    private void alert(ObjectNode alert, Alarm alarm, Severity severity, Instant end) {
        alert.putObject("labels")
                .put("alertname", "Detour" + camelCase(alarm.rule()))
                .put("rule", alarm.rule())
                .put("severity", severity.label())
                .put("source", alarm.source())
                .put("place", alarm.place())
                .put("instance", settings.instance());
        alert.putObject("annotations").put("summary", alarm.text());
        alert.put("startsAt", alarm.since().toString());
        alert.put("endsAt", end.toString());
        if (settings.instance().matches("https?://.+")) {
            alert.put("generatorURL", settings.instance());
        }
    }

    private static String camelCase(String label) {
        StringBuilder name = new StringBuilder();
        for (String word : label.split("_", -1)) {
            if (!word.isEmpty()) {
                name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
            }
        }
        return name.toString();
    }
}
