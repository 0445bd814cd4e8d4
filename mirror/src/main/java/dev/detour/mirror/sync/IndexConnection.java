package dev.detour.mirror.sync;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to one index, and to the hosts its pages name. Thread-safe.
 *
 * <p>An index asked under another name than its address has needs a JVM that was started with {@code
 * -Djdk.httpclient.allowRestrictedHeaders=host}, or set it first thing.
 */
final class IndexConnection {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final IndexAddress address;
    private final String userAgent;
    private final HttpClient http;

    IndexConnection(IndexAddress address, String userAgent) {
        this.address = address;
        this.userAgent = userAgent;
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

    /**
     * Sends a request without a body.
     *
     * @param longest until the head is there
     * @throws IOException if there is no answer; the message says why
     */
    HttpResponse<InputStream> send(String method, URI uri, String accept, @Nullable String etag, Duration longest)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<InputStream>> sent;
        try {
            sent = http.sendAsync(
                    request(method, uri, accept, etag, longest), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IllegalArgumentException e) {
            // a page may name what is no URL of HTTP
            throw new IOException("cannot be asked for: " + e.getMessage(), e);
        }
        try {
            return sent.get(longest.toMillis() + CONNECT.toMillis(), TimeUnit.MILLISECONDS);
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

    private HttpRequest request(String method, URI uri, String accept, @Nullable String etag, Duration longest)
            throws IOException {
        String name = address.serverName();
        boolean renamed = name != null && isSameOrigin(uri, address.base()) && !name.equalsIgnoreCase(uri.getHost());
        HttpRequest.Builder request = HttpRequest.newBuilder(renamed ? byAddress(uri) : uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(longest)
                .header("User-Agent", userAgent)
                .header("Accept", accept)
                .header("Accept-Encoding", "gzip");
        if (etag != null && !etag.isEmpty()) {
            request.header("If-None-Match", etag);
        }
        if (renamed && name != null) {
            request.header("Host", name);
        }
        return request.build();
    }

    /** The JDK sends a URL's own host name as SNI whatever it is told, except where there is none. */
    private static URI byAddress(URI uri) throws IOException {
        InetAddress host = InetAddress.getByName(uri.getHost());
        String literal = host instanceof Inet6Address ? "[" + host.getHostAddress() + "]" : host.getHostAddress();
        return URI.create(uri.getScheme() + "://" + literal + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
    }

    /** Where an answer leads, or null if it is no redirect. */
    static @Nullable URI redirect(URI uri, HttpResponse<?> response) {
        int status = response.statusCode();
        boolean redirects = status == 301 || status == 302 || status == 307 || status == 308;
        String location = redirects ? response.headers().firstValue("Location").orElse(null) : null;
        try {
            return location == null ? null : uri.resolve(location);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static boolean isSameOrigin(URI one, URI other) {
        return String.valueOf(one.getScheme()).equalsIgnoreCase(String.valueOf(other.getScheme()))
                && String.valueOf(one.getAuthority()).equalsIgnoreCase(String.valueOf(other.getAuthority()));
    }

    /** A media type without its parameters. */
    static String mediaType(HttpResponse<?> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }
}
