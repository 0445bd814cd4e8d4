package dev.detour.admin.notify;

import dev.detour.health.finding.Severity;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One receiver of alarms.
 *
 * @param name for logs, metrics and the state file; a receiver that is renamed is told everything anew
 * @param url where a webhook is posted to; of an Alertmanager its address, with its prefix if it has one
 * @param tokenFile holds the bearer token, read for each message so that it can be replaced; null to send none
 * @param trust PEM file of the authorities that may vouch for the receiver; null for those of Java
 * @param least findings below this are not told
 * @param repeat after which an alarm that lasts is told again; means nothing to an Alertmanager, which repeats on its own
 * @param instance name of this Detour in what is told; if it is a URL, alarms in the Alertmanager link to it
 */
public record NotifierSettings(
        String name,
        ReceiverKind kind,
        URI url,
        @Nullable Path tokenFile,
        @Nullable Path trust,
        Severity least,
        Duration repeat,
        String instance) {
    private static final Duration SHORTEST_REPEAT = Duration.ofMinutes(1);

    /**
     * @throws IllegalArgumentException with one line that names the setting and what was expected
     */
    public NotifierSettings {
        if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException("receiver name: " + Alarm.clean(name)
                    + " (expected: 1 to 100 letters, digits, dots, dashes, underscores)");
        }
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        // the address is not shown: those of chat services are secrets themselves
        if (url.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException(
                    "url of receiver " + name + ": (expected: http://host/... or https://host/...)");
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("url of receiver " + name
                    + ": has a user or a fragment (expected: neither; a token goes into a file)");
        }
        if (repeat.compareTo(SHORTEST_REPEAT) < 0) {
            throw new IllegalArgumentException(
                    "repeat of receiver " + name + ": " + repeat + " (expected: at least " + SHORTEST_REPEAT + ")");
        }
    }

    @Override
    public String toString() {
        return name + " (" + kind.name().toLowerCase(Locale.ROOT) + " at " + url.getHost() + ")";
    }
}
