package dev.detour.mirror.publish;

import dev.detour.mirror.remote.Web;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A publication behind a web server or in a bucket. */
final class WebRemote implements Remote {
    private static final Duration SMALL_LIMIT = Duration.ofSeconds(30);

    private final URI base;
    private final Duration stall;
    private final Web web = new Web();

    WebRemote(URI url, Duration stall) {
        String text = url.toString();
        this.base = URI.create(text.endsWith("/") ? text : text + "/");
        this.stall = stall;
    }

    @Override
    public @Nullable Received get(String relative, long maxBytes, @Nullable String tag) throws IOException {
        Map<String, String> headers = tag == null ? Map.of() : Map.of("If-None-Match", tag);
        Web.Answer answer = web.get(base.resolve(relative), headers, maxBytes, SMALL_LIMIT);
        if (answer.status() == 304 && tag != null) {
            return null;
        }
        if (answer.status() != 200) {
            throw new IOException(name(relative) + ": status " + answer.status() + " (expected: 200)");
        }
        return new Received(answer.body(), answer.header("ETag"));
    }

    @Override
    public String fetch(String relative, Path into, long size) throws IOException {
        try (PartFile part = PartFile.open(into, size)) {
            if (!part.isWhole() || size == 0) {
                transfer(relative, part);
            }
            if (!part.isWhole()) {
                throw new IOException(name(relative) + " has " + part.length() + " bytes (expected: " + size + ")");
            }
            return part.finish();
        }
    }

    private void transfer(String relative, PartFile part) throws IOException {
        Map<String, String> headers = part.length() == 0 ? Map.of() : Map.of("Range", "bytes=" + part.length() + "-");
        HttpRequest request = Web.request(base.resolve(relative), headers).GET().build();
        AtomicLong progressAt = new AtomicLong(System.nanoTime());
        CompletableFuture<HttpResponse<@Nullable PartFile>> sent =
                web.send(request, info -> body(info, part, progressAt));
        HttpResponse<@Nullable PartFile> response = await(relative, sent, progressAt);
        if (response.body() == null) {
            if (part.length() > 0) {
                // what is there is of no use to this server: the next attempt begins from nothing
                part.restart();
            }
            throw new IOException(name(relative) + ": status " + response.statusCode() + " (expected: 200 or 206)");
        }
    }

    private static HttpResponse.BodySubscriber<@Nullable PartFile> body(
            HttpResponse.ResponseInfo info, PartFile part, AtomicLong progressAt) {
        progressAt.set(System.nanoTime());
        boolean rest = info.statusCode() == 206 && continues(info.headers(), part.length());
        if (!rest && info.statusCode() != 200) {
            return HttpResponse.BodySubscribers.replacing(null);
        }
        if (!rest) {
            try {
                part.restart();
            } catch (IOException e) {
                return HttpResponse.BodySubscribers.mapping(HttpResponse.BodySubscribers.discarding(), nothing -> null);
            }
        }
        return new PartBody(part, progressAt);
    }

    private static boolean continues(HttpHeaders headers, long from) {
        return headers.firstValue("Content-Range").orElse("").startsWith("bytes " + from + "-");
    }

    private <T> T await(String relative, CompletableFuture<T> sent, AtomicLong progressAt) throws IOException {
        while (true) {
            try {
                return sent.get(Math.max(1, stall.toMillis() / 10), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (System.nanoTime() - progressAt.get() > stall.toNanos()) {
                    sent.cancel(true);
                    throw new IOException(name(relative) + ": nothing came for " + stall.toMillis()
                            + " ms, the transfer was given up");
                }
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
                throw new IOException(name(relative) + ": " + reason, cause);
            } catch (InterruptedException e) {
                sent.cancel(true);
                Thread.currentThread().interrupt();
                throw new InterruptedIOException(name(relative) + ": interrupted");
            }
        }
    }

    @Override
    public String name(String relative) {
        return base.resolve(relative).toString();
    }
}
