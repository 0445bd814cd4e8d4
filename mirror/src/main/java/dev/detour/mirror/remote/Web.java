package dev.detour.mirror.remote;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** GET and HEAD with a limit of time for the whole answer and a limit of bytes for its body. Thread-safe. */
public final class Web {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final String USER_AGENT = "Detour-mirror (static copy of a Python package index)";

    private final HttpClient secure = client(HttpClient.Version.HTTP_2);
    /** Without the offer to go on in HTTP/2, which some servers of files answer with an error. */
    private final HttpClient plain = client(HttpClient.Version.HTTP_1_1);

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /**
     * An answer, complete.
     *
     * @param body decoded
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    public record Answer(int status, HttpHeaders headers, byte[] body) {
        /** The first value of a header, or null. */
        public @Nullable String header(String name) {
            return headers.firstValue(name).orElse(null);
        }
    }

    /**
     * Gets a body into memory.
     *
     * @param headers to be sent
     * @param maxBytes limit of the body, encoded and decoded
     * @param limit of time, from the connection to the last byte
     * @throws IOException if there is no complete answer; the message names the URL. An error status is an answer
     */
    public Answer get(URI uri, Map<String, String> headers, long maxBytes, Duration limit) throws IOException {
        HttpRequest.Builder request = request(uri, headers).setHeader("Accept-Encoding", "gzip");
        HttpResponse<byte[]> response =
                await(uri, limit, send(request.GET().build(), info -> new LimitedBody(uri, maxBytes)));
        String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
        return new Answer(response.statusCode(), response.headers(), decode(uri, encoding, response.body(), maxBytes));
    }

    /** Asks whether there is such a file; a web page is none, whatever its status says. */
    CompletableFuture<Boolean> holds(URI uri, Duration limit) {
        HttpRequest request = request(uri, Map.of())
                .timeout(limit)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        return send(request, HttpResponse.BodyHandlers.discarding()).thenCompose(Web::found);
    }

    private static CompletableFuture<Boolean> found(HttpResponse<?> response) {
        int status = response.statusCode();
        if (status == 200) {
            String type = response.headers().firstValue("Content-Type").orElse("");
            return CompletableFuture.completedFuture(!type.startsWith("text/html"));
        }
        return status >= 400 && status < 500 && status != 429
                ? CompletableFuture.completedFuture(false)
                : CompletableFuture.failedFuture(new IOException("status " + status));
    }

    /** Sends a request and hands the body to a subscriber. */
    public <T> CompletableFuture<HttpResponse<T>> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        return ("https".equalsIgnoreCase(request.uri().getScheme()) ? secure : plain).sendAsync(request, body);
    }

    /** A request that says who asks. */
    public static HttpRequest.Builder request(URI uri, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).setHeader("User-Agent", USER_AGENT);
        headers.forEach(request::setHeader);
        return request;
    }

    /** Waits for what was sent; what has not come in time is given up. */
    static <T> T await(URI uri, Duration limit, CompletableFuture<T> sent) throws IOException {
        try {
            return sent.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new HttpTimeoutException(uri + ": no complete answer within " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(uri + ": " + reason(cause), cause);
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(uri + ": interrupted");
        }
    }

    private static String reason(Throwable cause) {
        // a refused connection has no message at all
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static byte[] decode(URI uri, String encoding, byte[] body, long maxBytes) throws IOException {
        if (encoding.equalsIgnoreCase("identity") || body.length == 0) {
            return body;
        }
        if (!encoding.equalsIgnoreCase("gzip") && !encoding.equalsIgnoreCase("x-gzip")) {
            throw new IOException(uri + ": Content-Encoding is " + encoding + " (expected: gzip or none)");
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] decoded = gzip.readNBytes((int) Math.min(maxBytes + 1, Integer.MAX_VALUE - 8));
            if (decoded.length > maxBytes) {
                throw new IOException("more than " + maxBytes + " bytes");
            }
            return decoded;
        } catch (IOException e) {
            throw new IOException(uri + ": " + e.getMessage(), e);
        }
    }
}
