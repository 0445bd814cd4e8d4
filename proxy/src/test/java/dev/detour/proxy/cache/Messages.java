package dev.detour.proxy.cache;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Requests and responses for the rules of the cache. */
final class Messages {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final String DATE = "Sun, 01 Mar 2026 12:00:00 GMT";
    static final Duration ABSENCE = Duration.ofSeconds(60);

    private Messages() {}

    /** Headers from names and values in turn. */
    static HttpHeaders headers(String... namesAndValues) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    static HttpResponse response(int status, String... namesAndValues) {
        return new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), headers(namesAndValues));
    }

    /** The policy of a 200 to a plain GET that took no time. */
    static @Nullable StorePolicy policy(String... namesAndValues) {
        return policy(headers(), response(200, namesAndValues));
    }

    static @Nullable StorePolicy policy(HttpHeaders request, HttpResponse response) {
        return StorePolicy.of(HttpMethod.GET, request, response, NOW, NOW, ABSENCE);
    }

    /** The policy of a 200 that must be storable. */
    static StorePolicy stored(String... namesAndValues) {
        StorePolicy policy = policy(namesAndValues);
        if (policy == null) {
            throw new AssertionError("not stored, expected to be: " + String.join(" ", namesAndValues));
        }
        return policy;
    }
}
