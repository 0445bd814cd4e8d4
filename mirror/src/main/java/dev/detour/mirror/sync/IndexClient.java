package dev.detour.mirror.sync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration LONGEST_LIST = Duration.ofMinutes(10);
    private static final Duration LONGEST_FILE = Duration.ofHours(1);
    private static final long LARGEST_PAGE = 128L << 20;
    private static final long LARGEST_LIST = 1L << 30;
    private static final int MOST_REDIRECTS = 3;
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(5);

    private final IndexAddress address;
    private final Pace pace;
    private final IndexConnection connection;
    /** The stream of the JDK's client ignores an interrupt (17): a read that waits ends only if it is closed. */
    private final Set<ArrivingBody> arriving = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /** Takes a body while it arrives. */
    interface BodyReader {
        /**
         * Reads as much of it as it wants.
         *
         * @param body without content coding; not to be closed
         * @param contentType without parameters, lower case
         * @throws IOException if it cannot be kept, or {@code body} breaks off
         */
        void read(InputStream body, String contentType) throws IOException;
    }

    /** What is asked for, and what may come of it. */
    private record Question(
            String method, String accept, @Nullable String etag, long largest, Duration longest) {
        static Question page(String accept, @Nullable String etag) {
            return new Question("GET", accept, etag, LARGEST_PAGE, LONGEST);
        }
    }

    IndexClient(IndexAddress address, Pace pace, String version) {
        this.address = address;
        this.pace = pace;
        this.connection = new IndexConnection(address, "Detour/" + version + " (mirror sync)");
    }

    /**
     * The project list.
     *
     * @return {@link IndexAnswer.Found} without its body once {@code reader} has read it and nothing of it was missing
     */
    IndexAnswer list(@Nullable String etag, BodyReader reader) throws InterruptedException {
        return told(resolve("simple/"), new Question("GET", SIMPLE, etag, LARGEST_LIST, LONGEST_LIST), reader);
    }

    /** A project's Simple page. */
    public IndexAnswer project(String project, @Nullable String etag) throws InterruptedException {
        return whole(resolve("simple/" + project + "/"), Question.page(SIMPLE, etag));
    }

    /** A project's JSON API document. */
    IndexAnswer document(String project) throws InterruptedException {
        return whole(resolve("pypi/" + project + "/json"), Question.page(JSON, null));
    }

    /** A release's JSON API document. */
    IndexAnswer release(String project, String version) throws InterruptedException {
        return whole(resolve("pypi/" + project + "/" + segment(version) + "/json"), Question.page(JSON, null));
    }

    /** What a page names; on the index itself if the path is the index's, whatever host the page says. */
    IndexAnswer provenance(URI named) throws InterruptedException {
        String path = named.getRawPath();
        int at = path == null ? -1 : path.indexOf("/integrity/");
        URI uri = at < 0 ? named : resolve(path.substring(at + 1));
        return whole(uri, Question.page("application/vnd.pypi.integrity.v1+json", null));
    }

    /** A file of the file host, in memory. */
    IndexAnswer file(URI uri, long largest) throws InterruptedException {
        return whole(uri, new Question("GET", "*/*", null, largest, LONGEST));
    }

    /**
     * A file of the file host, while it arrives.
     *
     * @return as of {@link #list}
     * @throws IOException of the reader
     */
    IndexAnswer file(URI uri, long largest, BodyReader reader) throws IOException, InterruptedException {
        return ask(uri, new Question("GET", "*/*", null, largest, LONGEST_FILE), reader);
    }

    /** Whether the file host has a file; found without a body. */
    IndexAnswer head(URI uri) throws InterruptedException {
        return told(uri, new Question("HEAD", "*/*", null, 0, LONGEST), (body, type) -> {});
    }

    /** Breaks off what is being read, and what would be from now on. */
    void close() {
        closed = true;
        arriving.forEach(ArrivingBody::abort);
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

    private IndexAnswer whole(URI uri, Question question) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        IndexAnswer answer = told(uri, question, (body, type) -> body.transferTo(bytes));
        return answer instanceof IndexAnswer.Found found
                ? new IndexAnswer.Found(bytes.toByteArray(), found.contentType(), found.etag(), found.lastSerial())
                : answer;
    }

    private IndexAnswer told(URI uri, Question question, BodyReader reader) throws InterruptedException {
        try {
            return ask(uri, question, reader);
        } catch (IOException e) {
            return new IndexAnswer.Failed(uri + ": " + describe(e));
        }
    }

    private IndexAnswer ask(URI uri, Question question, BodyReader reader) throws IOException, InterruptedException {
        pace.enter();
        try {
            IndexAnswer answer = follow(uri, question, reader);
            if (answer instanceof IndexAnswer.Failed failed
                    && !failed.retryAfter().isZero()) {
                pace.pause(failed.retryAfter());
            }
            return answer;
        } finally {
            pace.leave();
        }
    }

    private IndexAnswer follow(URI asked, Question question, BodyReader reader)
            throws IOException, InterruptedException {
        URI uri = asked;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<InputStream> response;
            try {
                response =
                        connection.send(question.method(), uri, question.accept(), question.etag(), question.longest());
            } catch (IOException e) {
                return new IndexAnswer.Failed(uri + ": " + describe(e));
            }
            URI location = IndexConnection.redirect(uri, response);
            if (location == null) {
                return answer(uri, question, response, reader);
            }
            response.body().close();
            if (!IndexConnection.isSameOrigin(uri, location)) {
                return new IndexAnswer.Failed(uri + " leads to " + location + " (expected: a place of the same host)");
            }
            uri = location;
        }
        return new IndexAnswer.Failed(asked + ": more than " + MOST_REDIRECTS + " redirects");
    }

    private IndexAnswer answer(URI uri, Question question, HttpResponse<InputStream> response, BodyReader reader)
            throws IOException {
        int status = response.statusCode();
        HttpHeaders headers = response.headers();
        ArrivingBody body = new ArrivingBody(response.body(), question.largest(), question.longest());
        arriving.add(body);
        try {
            if (closed) {
                body.abort();
            }
            if (status == 304) {
                return new IndexAnswer.NotModified();
            }
            if (status == 404 || status == 410) {
                return new IndexAnswer.Gone(status);
            }
            if (status != 200) {
                return new IndexAnswer.Failed(uri + " answered " + status, patience(headers));
            }
            String type = IndexConnection.mediaType(response);
            if (!question.method().equals("HEAD")) {
                body.decode(headers.firstValue("Content-Encoding").orElse(""));
                reader.read(body, type);
                body.finish();
            }
            return new IndexAnswer.Found(
                    new byte[0], type, headers.firstValue("ETag").orElse(null), serial(headers));
        } catch (IOException | RuntimeException e) {
            IOException broken = body.failure();
            if (broken == null) {
                throw e;
            }
            return new IndexAnswer.Failed(uri + ": " + describe(broken));
        } finally {
            arriving.remove(body);
            body.end();
        }
    }

    private static String describe(IOException e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
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
}
