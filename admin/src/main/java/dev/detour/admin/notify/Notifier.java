package dev.detour.admin.notify;

import dev.detour.health.certificate.TrustAnchors;
import dev.detour.health.finding.Finding;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells receivers what is found, for as long as it is found, and that it is over.
 *
 * <p>Everything happens on one thread, which it is given and does not own, and nothing waits there for a receiver. What a
 * receiver was told is kept in a file, so that after a restart it is neither told everything again nor left with alarms that
 * have ended.
 */
public final class Notifier implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Notifier.class);
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final AlarmBook book;
    private final AlarmFile file;
    private final ScheduledExecutorService thread;
    private final Clock clock;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final AtomicReference<@Nullable Collection<Finding>> latest = new AtomicReference<>();
    private boolean unsaved;
    private boolean saveFails;
    private @Nullable ScheduledFuture<?> ticking;

    private Notifier(AlarmBook book, AlarmFile file, ScheduledExecutorService thread, Clock clock) {
        this.book = book;
        this.file = file;
        this.thread = thread;
        this.clock = clock;
    }

    /** How patient a notifier is; tests are less so. */
    record Limits(Duration settle, Duration answer, Duration tick) {
        static Limits settlingAfter(Duration settle) {
            return new Limits(settle, Duration.ofSeconds(10), Duration.ofSeconds(1));
        }
    }

    /**
     * A notifier that goes on where the one before it stopped.
     *
     * @param state file for what was told; need not exist, its directory must
     * @param settle what is gone for less is not told to be over; 2 minutes is a good value
     * @param thread one thread, which outlives this
     * @throws IOException if the state or the authorities of a receiver cannot be read, with one line that names the file
     * @throws IllegalArgumentException if two receivers have the same name
     */
    public static Notifier start(
            List<NotifierSettings> receivers,
            Path state,
            Duration settle,
            ScheduledExecutorService thread,
            Clock clock,
            NotifyObserver observer)
            throws IOException {
        return start(receivers, state, Limits.settlingAfter(settle), thread, clock, observer);
    }

    static Notifier start(
            List<NotifierSettings> receivers,
            Path state,
            Limits limits,
            ScheduledExecutorService thread,
            Clock clock,
            NotifyObserver observer)
            throws IOException {
        Set<String> names = new HashSet<>();
        for (NotifierSettings each : receivers) {
            if (!names.add(each.name())) {
                throw new IllegalArgumentException(
                        "receiver name: " + each.name() + " is there twice (expected: once)");
            }
        }
        AlarmFile file = new AlarmFile(state);
        AlarmBook book =
                new AlarmBook(receivers.stream().map(Notifier::audience).toList(), limits.settle());
        book.restore(file.read(clock.instant()));
        Notifier notifier = new Notifier(book, file, thread, clock);
        for (NotifierSettings each : receivers) {
            notifier.deliveries.add(new Delivery(each, book, client(each), thread, clock, limits.answer(), observer));
        }
        long tick = limits.tick().toMillis();
        notifier.ticking = thread.scheduleWithFixedDelay(notifier::tick, tick, tick, TimeUnit.MILLISECONDS);
        return notifier;
    }

    private static Audience audience(NotifierSettings each) {
        boolean forgets = each.kind() == ReceiverKind.ALERTMANAGER;
        return new Audience(each.name(), each.least(), forgets ? Message.RESEND : each.repeat());
    }

    private static HttpClient client(NotifierSettings settings) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        if (settings.trust() != null) {
            builder.sslContext(trusting(settings.trust()));
        }
        return builder.build();
    }

    private static SSLContext trusting(Path file) throws IOException {
        TrustAnchors anchors = TrustAnchors.in(file);
        if (anchors.certificates().isEmpty()) {
            throw new IOException("cannot read the authorities in " + file + " (expected: certificates in PEM)");
        }
        return anchors.context();
    }

    /** All that is found now; what is not among it is gone. Returns at once; for any thread. */
    public void update(Collection<Finding> findings) {
        // only the latest counts, so that nothing piles up behind a slow disk
        if (latest.getAndSet(List.copyOf(findings)) == null) {
            try {
                thread.execute(this::tick);
            } catch (RejectedExecutionException e) {
                log.debug("findings after the end are not told");
            }
        }
    }

    /** How it goes with each receiver, in the order of the settings; for any thread. */
    public List<ReceiverStatus> status() {
        return deliveries.stream().map(Delivery::status).toList();
    }

    private void tick() {
        try {
            Collection<Finding> findings = latest.getAndSet(null);
            if (findings != null) {
                book.update(findings, clock.instant());
            }
            deliveries.forEach(Delivery::round);
            save();
        } catch (RuntimeException e) {
            // an exception would end the ticking, and with it every alarm, without a word
            log.error("alarms could not be told", e);
        }
    }

    private void save() {
        unsaved |= book.takeChanged();
        if (!unsaved) {
            return;
        }
        try {
            file.write(book.entries());
            unsaved = false;
            saveFails = false;
        } catch (IOException e) {
            if (!saveFails) {
                log.error("what was told cannot be kept, a restart will tell it again: {}", e.toString());
            }
            saveFails = true;
        }
    }

    /** Ends the telling; what is on its way is cut off, and is told again by the next one. */
    @Override
    public void close() {
        ScheduledFuture<?> ticks = ticking;
        if (ticks != null) {
            ticks.cancel(false);
        }
        try {
            thread.submit(() -> {
                        deliveries.forEach(Delivery::close);
                        save();
                    })
                    .get(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            log.warn("what was told last could not be kept: {}", e.toString());
        }
    }
}
