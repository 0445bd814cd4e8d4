package dev.detour.health.crl;

import dev.detour.health.deadline.Deadline;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * CRLs read from a URL as they arrive.
 *
 * @param largest bytes that are taken
 * @param patience from the first connection to the last byte
 * @param tls whom https URLs are asked with, or null to trust whom the JDK trusts
 */
public record CrlDownload(
        long largest, Duration patience, @Nullable SSLContext tls) {
    /** Larger ones are taken for a mistake: a million entries are 39 MB. */
    public static final CrlDownload USUAL = new CrlDownload(256L << 20, Duration.ofSeconds(60), null);

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int MOST_REDIRECTS = 5;
    private static final int OK = 200;

    /** The same, for https URLs whose chains end at other authorities. */
    public CrlDownload with(SSLContext context) {
        return new CrlDownload(largest, patience, context);
    }

    /**
     * Reads what is there, after redirects within the same host.
     *
     * @throws CrlFormatException if it is no CRL
     * @throws IOException if it cannot be fetched
     */
    public CrlFacts read(URI url, CrlReader reader) throws IOException, CrlFormatException, InterruptedException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT.compareTo(patience) < 0 ? CONNECT : patience)
                .followRedirects(HttpClient.Redirect.NEVER);
        HttpClient client = (tls == null ? builder : builder.sslContext(tls)).build();
        long end = System.nanoTime() + patience.toNanos();
        URI at = url;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<InputStream> response = get(client, at, end);
            URI next = redirect(at, response);
            if (next == null) {
                return read(response, reader, end);
            }
            response.body().close();
            at = next;
        }
        throw new IOException("redirects more than " + MOST_REDIRECTS + " times");
    }

    private HttpResponse<InputStream> get(HttpClient client, URI url, long end)
            throws IOException, InterruptedException {
        long left = Math.max(1, end - System.nanoTime());
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(url).timeout(Duration.ofNanos(left)).build();
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (HttpTimeoutException e) {
            throw new IOException("no answer in time (" + e.getMessage() + ")", e);
        } catch (ConnectException e) {
            throw new IOException("cannot connect to " + url.getAuthority(), e);
        } catch (IllegalArgumentException e) {
            // a port that is none, for one
            throw new IOException("cannot be asked: " + e.getMessage(), e);
        }
    }

    /** Where it goes on, or null if this is the answer. */
    private static @Nullable URI redirect(URI from, HttpResponse<InputStream> response) throws IOException {
        int status = response.statusCode();
        String location = response.headers().firstValue("location").orElse(null);
        if (status / 100 != 3 || location == null) {
            return null;
        }
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException("redirects to what is no URL", e);
        }
        boolean sameHost = from.getHost().equalsIgnoreCase(to.getHost());
        boolean asSafe = "https".equals(to.getScheme()) || from.getScheme().equals(to.getScheme());
        if (!sameHost || !asSafe) {
            throw new IOException("redirects to " + to.getScheme() + "://" + to.getAuthority()
                    + " (expected: the same host, and no step back from https)");
        }
        return to;
    }

    private CrlFacts read(HttpResponse<InputStream> response, CrlReader reader, long end)
            throws IOException, CrlFormatException {
        try (InputStream body = response.body()) {
            if (response.statusCode() != OK) {
                throw new IOException("answered " + response.statusCode() + " (expected: 200)");
            }
            if (response.headers().firstValueAsLong("content-length").orElse(0) > largest) {
                throw tooLarge();
            }
            return read(body, reader, end);
        }
    }

    private CrlFacts read(InputStream body, CrlReader reader, long end) throws IOException, CrlFormatException {
        Deadline deadline = Deadline.closing(body, Duration.ofNanos(end - System.nanoTime()));
        try (deadline) {
            return reader.read(new Capped(body));
        } catch (IOException | CrlFormatException e) {
            if (deadline.passed()) {
                throw new IOException("not read to its end within " + patience.toSeconds() + " s", e);
            }
            throw e;
        }
    }

    private IOException tooLarge() {
        return new IOException("larger than " + largest + " bytes");
    }

    private final class Capped extends FilterInputStream {
        private long count;

        Capped(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int read = in.read(target, from, length);
            count += Math.max(0, read);
            if (count > largest) {
                throw tooLarge();
            }
            return read;
        }
    }
}
