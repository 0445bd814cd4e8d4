package dev.detour.admin.notify;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings one receiver up to date, one message at a time. Runs on the notifier's thread and never waits there. */
final class Delivery {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);
    private static final int SHOWN = 200;

    private final NotifierSettings settings;
    private final AlarmBook book;
    private final HttpClient http;
    private final ScheduledExecutorService thread;
    private final Clock clock;
    private final Duration patience;
    private final NotifyObserver observer;
    private final Message message;
    private final Pace pace = new Pace(() -> ThreadLocalRandom.current().nextDouble());
    private @Nullable CompletableFuture<HttpResponse<String>> sending;
    private volatile ReceiverStatus status;

    Delivery(
            NotifierSettings settings,
            AlarmBook book,
            HttpClient http,
            ScheduledExecutorService thread,
            Clock clock,
            Duration patience,
            NotifyObserver observer) {
        this.settings = settings;
        this.book = book;
        this.http = http;
        this.thread = thread;
        this.clock = clock;
        this.patience = patience;
        this.observer = observer;
        this.message = new Message(settings);
        this.status = new ReceiverStatus(settings.name(), null, null, null, 0);
    }

    /** How it goes; for any thread. */
    ReceiverStatus status() {
        return status;
    }

    /** Sends what is due, unless a message is on its way or the receiver needs a rest. */
    void round() {
        try {
            sendWhatIsDue();
        } catch (RuntimeException e) {
            // whatever it is, it must not keep the other receivers from being told
            log.error("receiver {} could not be told", settings, e);
            failed(Outcome.FAILED, "internal error: " + e.getClass().getSimpleName(), null);
        }
    }

    private void sendWhatIsDue() {
        Instant now = clock.instant();
        List<Notice> due = book.due(settings.name(), now);
        pending(due.size());
        if (due.isEmpty() || sending != null || !pace.allows(now)) {
            return;
        }
        List<Notice> part = Message.part(due);
        String token;
        try {
            token = token();
        } catch (IOException e) {
            failed(Outcome.FAILED, String.valueOf(e.getMessage()), null);
            return;
        }
        send(part, token, now);
    }

    private void send(List<Notice> part, String token, Instant now) {
        HttpRequest.Builder request = HttpRequest.newBuilder(message.target())
                .timeout(patience)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(message.body(part, now)));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        CompletableFuture<HttpResponse<String>> sent = http.sendAsync(request.build(), head -> new AnswerStart());
        sending = sent;
        // the request's own limit ends with the head of the answer
        ScheduledFuture<?> limit = thread.schedule(() -> sent.cancel(true), patience.toMillis(), TimeUnit.MILLISECONDS);
        sent.whenComplete((answer, failure) -> {
            try {
                thread.execute(() -> {
                    limit.cancel(false);
                    sending = null;
                    ended(part, token, now, answer, failure);
                });
            } catch (RejectedExecutionException closed) {
                log.debug("{} answered after the end", settings.name());
            }
        });
    }

    private String token() throws IOException {
        Path file = settings.tokenFile();
        if (file == null) {
            return "";
        }
        String token;
        try {
            token = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new IOException(
                    "cannot read the token in " + file + ": " + e.getClass().getSimpleName(), e);
        }
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IOException(
                    "the token in " + file + " cannot be sent (expected: one line of ASCII without spaces)");
        }
        return token;
    }

    private void ended(
            List<Notice> part,
            String token,
            Instant asOf,
            @Nullable HttpResponse<String> answer,
            @Nullable Throwable failure) {
        if (answer == null) {
            failed(Outcome.FAILED, words(failure), null);
            return;
        }
        int code = answer.statusCode();
        if (code / 100 == 2) {
            book.told(settings.name(), part, asOf);
            succeeded();
            return;
        }
        String said = token.isEmpty() ? answer.body() : answer.body().replace(token, "***");
        String shown = Alarm.clean(said.strip());
        String text =
                "status " + code + (shown.isEmpty() ? "" : ": " + shown.substring(0, Math.min(SHOWN, shown.length())));
        boolean again = code >= 500 || code == 408 || code == 429;
        failed(again ? Outcome.FAILED : Outcome.REFUSED, text, again ? wish(answer) : null);
    }

    private @Nullable Duration wish(HttpResponse<String> answer) {
        if (answer.statusCode() != 429 && answer.statusCode() != 503) {
            return null;
        }
        return answer.headers()
                .firstValue("Retry-After")
                .map(value -> Pace.retryAfter(value.strip(), clock.instant()))
                .orElse(null);
    }

    private String words(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof CancellationException || cause instanceof HttpTimeoutException) {
            return "no answer within " + patience.toSeconds() + " s";
        }
        return "no answer: " + Alarm.clean(String.valueOf(cause));
    }

    private void succeeded() {
        if (status.failingSince() != null) {
            log.info("receiver {} accepts again; it failed since {}", settings, status.failingSince());
        }
        pace.succeeded();
        status = new ReceiverStatus(settings.name(), clock.instant(), null, null, status.pending());
        observer.onSent(settings.name(), Outcome.DELIVERED);
        round();
    }

    private void failed(Outcome outcome, String why, @Nullable Duration wish) {
        Instant now = clock.instant();
        if (outcome == Outcome.REFUSED) {
            pace.refused(now);
        } else {
            pace.failed(now, wish);
        }
        // said once, not at each try
        if (!why.equals(status.lastError())) {
            if (outcome == Outcome.REFUSED) {
                log.error("receiver {} refuses what it is told, check its settings: {}", settings, why);
            } else {
                log.warn("receiver {} could not be told and is tried again: {}", settings, why);
            }
        }
        Instant since = status.failingSince() == null ? now : status.failingSince();
        status = new ReceiverStatus(settings.name(), status.lastSuccess(), since, why, status.pending());
        observer.onSent(settings.name(), outcome);
    }

    private void pending(int count) {
        if (count != status.pending()) {
            status = new ReceiverStatus(
                    status.name(), status.lastSuccess(), status.failingSince(), status.lastError(), count);
        }
    }

    /** Ends what is on its way. */
    void close() {
        if (sending != null) {
            sending.cancel(true);
        }
    }
}
