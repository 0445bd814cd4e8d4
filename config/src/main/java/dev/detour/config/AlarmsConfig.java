package dev.detour.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of what is wrong with certificates and revocation lists.
 *
 * @param instance how this instance is called there, or null for the name of the machine
 */
public record AlarmsConfig(@Nullable String instance, List<Receiver> receivers) {
    public AlarmsConfig {
        receivers = List.copyOf(receivers);
    }

    /**
     * Somebody who is told over HTTP.
     *
     * @param tokenFile holds a bearer token, or null for none
     * @param trust PEM certificates of the authorities that its chain ends at, or null for the JDK's
     * @param least nothing below it is told
     * @param repeat when somebody is told again of what lasts
     */
    public record Receiver(
            String name,
            Form form,
            URI url,
            @Nullable Path tokenFile,
            @Nullable Path trust,
            Least least,
            Duration repeat) {}

    /** What is sent. */
    public enum Form {
        /** Detour's own JSON. */
        WEBHOOK,
        /** That of the Prometheus Alertmanager. */
        ALERTMANAGER;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How bad it has to be. */
    public enum Least {
        INFO,
        WARNING,
        CRITICAL;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
