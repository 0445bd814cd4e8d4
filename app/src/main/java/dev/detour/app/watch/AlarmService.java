package dev.detour.app.watch;

import dev.detour.admin.notify.Notifier;
import dev.detour.admin.notify.NotifierSettings;
import dev.detour.admin.notify.NotifyMeters;
import dev.detour.admin.notify.ReceiverKind;
import dev.detour.config.AlarmsConfig;
import dev.detour.config.DetourConfig;
import dev.detour.health.finding.Severity;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells the configured receivers what is wrong, on a thread of its own. */
final class AlarmService implements AutoCloseable {
    private static final String STATE = "alarms.json";
    private static final Duration SETTLE = Duration.ofMinutes(2);
    private static final long EVERY_SECONDS = 10;

    private final ScheduledExecutorService thread;
    private final Notifier notifier;

    private AlarmService(ScheduledExecutorService thread, Notifier notifier) {
        this.thread = thread;
        this.notifier = notifier;
    }

    /**
     * Begins to tell.
     *
     * @return null if nobody is to be told
     * @throws IOException if what was told before, or a receiver's authorities, cannot be read
     */
    public static @Nullable AlarmService start(DetourConfig config, Findings findings, NotifyMeters meters, Clock clock)
            throws IOException {
        AlarmsConfig alarms = config.alarms();
        if (alarms.receivers().isEmpty()) {
            return null;
        }
        Files.createDirectories(config.state());
        String instance = instance(alarms);
        List<NotifierSettings> receivers = alarms.receivers().stream()
                .map(receiver -> settings(receiver, instance))
                .toList();
        ScheduledExecutorService thread =
                Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("detour-alarms", true));
        Notifier notifier = Notifier.start(receivers, config.state().resolve(STATE), SETTLE, thread, clock, meters);
        meters.bind(notifier);
        var unused = thread.scheduleWithFixedDelay(
                () -> notifier.update(findings.now()), 1, EVERY_SECONDS, TimeUnit.SECONDS);
        return new AlarmService(thread, notifier);
    }

    private static NotifierSettings settings(AlarmsConfig.Receiver receiver, String instance) {
        return new NotifierSettings(
                receiver.name(),
                switch (receiver.form()) {
                    case WEBHOOK -> ReceiverKind.WEBHOOK;
                    case ALERTMANAGER -> ReceiverKind.ALERTMANAGER;
                },
                receiver.url(),
                receiver.tokenFile(),
                receiver.trust(),
                switch (receiver.least()) {
                    case INFO -> Severity.INFO;
                    case WARNING -> Severity.WARNING;
                    case CRITICAL -> Severity.CRITICAL;
                },
                receiver.repeat(),
                instance);
    }

    private static String instance(AlarmsConfig alarms) {
        if (alarms.instance() != null) {
            return alarms.instance();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "detour";
        }
    }

    @Override
    public void close() {
        notifier.close();
        thread.shutdownNow();
    }
}
