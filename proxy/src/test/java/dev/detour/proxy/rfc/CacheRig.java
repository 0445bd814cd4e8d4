package dev.detour.proxy.rfc;

import dev.detour.config.ApiClass;
import dev.detour.config.CacheConfig;
import dev.detour.proxy.Caches;
import dev.detour.proxy.ProxyDescription;
import dev.detour.proxy.RunningProxy;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A proxy with a cache between a client and a backend that speak HTTP/1.1, and a clock that stands still. */
abstract class CacheRig {
    /** An address that can be read and written. */
    static final String PAGE = "/thing/x";

    /** The length in seconds of the outage allowance where an answer says none: that of the route. */
    static final long GRACE = Duration.ofDays(5).toSeconds();

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    final FakeBackend backend = FakeBackend.clear();
    final ManualClock clock = ManualClock.create();
    RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = description().start();
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    /** Whether clients may ask for something fresher than the backend allows to be served. */
    boolean obeysClients() {
        return false;
    }

    ProxyDescription description() {
        CacheConfig cache = Caches.inMemory(16 << 20, 1 << 20, Duration.ofSeconds(10), obeysClients());
        return RunningProxy.with()
                .endpoints(backend)
                .cache(cache)
                .clock(clock)
                .route("thing", "/thing/**", Set.of(), ApiClass.WEB);
    }

    static Answer page(String text, String... headers) {
        return answer(200, text, headers);
    }

    static Answer answer(int status, String text, String... headers) {
        return Answer.status(status, "text/html", text.getBytes(StandardCharsets.UTF_8), headers);
    }

    static Answer notModified(String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 304 Not Modified\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return Answer.raw(head.append("\r\n").toString());
    }

    RawResponse get(String... headers) throws IOException {
        return proxy.get(PAGE, headers);
    }

    RawResponse request(String method, String... headers) throws IOException {
        return proxy.request(method, PAGE, headers);
    }

    /** Has the page with this text and these headers asked for once, so that it is kept if it may be. */
    RawResponse stored(String text, String... headers) throws IOException {
        backend.answer(page(text, headers));
        return get();
    }

    /** Whether a page with such headers is given a second time, {@code seconds} later, without asking the backend. */
    boolean isReused(long seconds, String... headers) throws IOException {
        stored("one", headers);
        pass(seconds);
        return !asksBackend();
    }

    /** Whether another GET reaches the backend. */
    boolean asksBackend(String... headers) throws IOException {
        int before = asked();
        get(headers);
        return asked() > before;
    }

    int asked() {
        return backend.heads().size();
    }

    /** What the last request to the backend said in this field, or null. */
    @Nullable String lastAsked(String field) {
        return backend.heads().get(asked() - 1).header(field);
    }

    void pass(long seconds) {
        clock.advance(Duration.ofSeconds(seconds));
    }

    /** A date {@code seconds} from now, in the form that HTTP prefers. */
    String date(long seconds) {
        return HTTP_DATE.format(clock.instant().plusSeconds(seconds));
    }
}
