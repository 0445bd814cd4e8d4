package dev.detour.mirror.sync;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Asks an index for its Simple pages, its JSON documents and what they name. Whatever the index does is an answer, never an
 * exception. The form and the content coding are always the same, since caches keep variants of different age (facts of 2020
 * to 2023: compressed and plain pages of PyPI differed by hours). Blocks; thread-safe.
 */
public final class IndexClient {
    /** The JSON form, else HTML for indexes that have nothing else. */
    static final String SIMPLE = "application/vnd.pypi.simple.v1+json, text/html;q=0.1";

    static final String JSON = "application/json";

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration LONGEST_LIST = Duration.ofMinutes(10);
    private static final long LARGEST_PAGE = 128L << 20;
    private static final long LARGEST_LIST = 1L << 30;
    private static final int MOST_REDIRECTS = 3;
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(5);

    private final IndexAddress address;
    private final Pace pace;
    private final String userAgent;
    private final HttpClient http;

    IndexClient(IndexAddress address, Pace pace, String version) {
        this.address = address;
        this.pace = pace;
        this.userAgent = "Detour/" + version + " (mirror sync)";
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (address.tls() != null) {
            builder.sslContext(address.tls());
        }
        if (address.serverName() != null) {
            SSLParameters parameters = new SSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(address.serverName())));
            builder.sslParameters(parameters);
        }
        this.http = builder.build();
    }

    /** The project list. */
    IndexAnswer list(@Nullable String etag) throws InterruptedException {
        return get(resolve("simple/"), SIMPLE, etag, LARGEST_LIST, LONGEST_LIST);
    }

    /** A project's Simple page. */
    public IndexAnswer project(String project, @Nullable String etag) throws InterruptedException {
        return get(resolve("simple/" + project + "/"), SIMPLE, etag, LARGEST_PAGE, LONGEST);
    }

    /** A project's JSON API document. */
    IndexAnswer document(String project) throws InterruptedException {
        return get(resolve("pypi/" + project + "/json"), JSON, null, LARGEST_PAGE, LONGEST);
    }

    /** A release's JSON API document. */
    IndexAnswer release(String project, String version) throws InterruptedException {
        return get(resolve("pypi/" + project + "/" + segment(version) + "/json"), JSON, null, LARGEST_PAGE, LONGEST);
    }

    /** What a page names; on the index itself if the path is the index's, whatever host the page says. */
    IndexAnswer provenance(URI named) throws InterruptedException {
        String path = named.getRawPath();
        int at = path.indexOf("/integrity/");
        URI uri = at < 0 ? named : resolve(path.substring(at + 1));
        return get(uri, "application/vnd.pypi.integrity.v1+json", null, LARGEST_PAGE, LONGEST);
    }

    /** A file of the file host. */
    IndexAnswer file(URI uri, long largest) throws InterruptedException {
        return get(uri, "*/*", null, largest, LONGEST_LIST);
    }

    /** The URL of a path of the index. */
    public URI resolve(String path) {
        return address.base().resolve(path);
    }

    private static String segment(String text) {
        return text.replace("%", "%25")
                .replace("/", "%2F")
                .replace(" ", "%20")
                .replace("?", "%3F")
                .replace("#", "%23");
    }

    private IndexAnswer get(URI uri, String accept, @Nullable String etag, long largest, Duration longest)
            throws InterruptedException {
        pace.enter();
        try {
            IndexAnswer answer = follow(uri, accept, etag, largest, longest);
            if (answer instanceof IndexAnswer.Failed failed
                    && !failed.retryAfter().isZero()) {
                pace.pause(failed.retryAfter());
            }
            return answer;
        } finally {
            pace.leave();
        }
    }

    private IndexAnswer follow(URI asked, String accept, @Nullable String etag, long largest, Duration longest)
            throws InterruptedException {
        URI uri = asked;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<byte[]> response;
            try {
                response = send(uri, accept, etag, largest, longest);
            } catch (IOException e) {
                return new IndexAnswer.Failed(uri + ": " + describe(e));
            }
            URI location = redirect(uri, response);
            if (location == null) {
                return answer(uri, response, largest);
            }
            if (!sameOrigin(uri, location)) {
                return new IndexAnswer.Failed(uri + " leads to " + location + " (expected: a place of the same host)");
            }
            uri = location;
        }
        return new IndexAnswer.Failed(asked + ": more than " + MOST_REDIRECTS + " redirects");
    }

    private HttpResponse<byte[]> send(URI uri, String accept, @Nullable String etag, long largest, Duration longest)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(longest)
                .header("User-Agent", userAgent)
                .header("Accept", accept)
                .header("Accept-Encoding", "gzip");
        if (etag != null) {
            request.header("If-None-Match", etag);
        }
        if (address.serverName() != null && sameOrigin(uri, address.base())) {
            request.header("Host", address.serverName());
        }
        CompletableFuture<HttpResponse<byte[]>> sent =
                http.sendAsync(request.build(), head -> new LimitedBody(largest));
        try {
            // the request's own limit ends with the head: a body may stall for ever
            return sent.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new IOException("not answered within " + longest.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (InterruptedException e) {
            sent.cancel(true);
            throw e;
        }
    }

    private static String describe(IOException e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }

    private static @Nullable URI redirect(URI uri, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        boolean redirects = status == 301 || status == 302 || status == 307 || status == 308;
        String location = redirects ? response.headers().firstValue("Location").orElse(null) : null;
        try {
            return location == null ? null : uri.resolve(location);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(String.valueOf(other.getScheme()))
                && one.getAuthority().equalsIgnoreCase(String.valueOf(other.getAuthority()));
    }

    private static IndexAnswer answer(URI uri, HttpResponse<byte[]> response, long largest) {
        HttpHeaders headers = response.headers();
        int status = response.statusCode();
        if (status == 304) {
            return new IndexAnswer.NotModified();
        }
        if (status == 404 || status == 410) {
            return new IndexAnswer.Gone(status);
        }
        if (status != 200) {
            return new IndexAnswer.Failed(uri + " answered " + status, patience(headers));
        }
        try {
            byte[] body = decode(
                    response.body(), headers.firstValue("Content-Encoding").orElse(""), largest);
            String type = headers.firstValue("Content-Type").orElse("");
            int semicolon = type.indexOf(';');
            return new IndexAnswer.Found(
                    body,
                    (semicolon < 0 ? type : type.substring(0, semicolon))
                            .strip()
                            .toLowerCase(Locale.ROOT),
                    headers.firstValue("ETag").orElse(null),
                    serial(headers));
        } catch (IOException e) {
            return new IndexAnswer.Failed(uri + ": " + describe(e));
        }
    }

    private static long serial(HttpHeaders headers) {
        String text = headers.firstValue("X-PyPI-Last-Serial").orElse("");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }

    private static Duration patience(HttpHeaders headers) {
        String text = headers.firstValue("Retry-After").orElse("");
        if (!text.matches("[0-9]{1,9}")) {
            return Duration.ZERO;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(text));
        return asked.compareTo(MOST_PATIENCE) > 0 ? MOST_PATIENCE : asked;
    }

    private static byte[] decode(byte[] body, String coding, long largest) throws IOException {
        if (coding.isEmpty() || coding.equalsIgnoreCase("identity")) {
            return body;
        }
        if (!coding.equalsIgnoreCase("gzip")) {
            throw new IOException("Content-Encoding is " + coding + " (expected: gzip or none)");
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] plain = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, largest + 1));
            if (plain.length > largest) {
                throw new IOException("more than " + largest + " bytes");
            }
            return plain;
        }
    }
}
