package dev.detour.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request as {@link FakeBackend} received it.
 *
 * @param connection number of the connection it came on; the first is 1
 * @param method as sent
 * @param target as sent, not decoded
 * @param version as sent, such as {@code HTTP/1.1}
 * @param headers in the order sent
 * @param serverName the name the client sent as SNI, or null without TLS or without SNI
 */
public record RequestHead(
        int connection,
        String method,
        String target,
        String version,
        List<Header> headers,
        @Nullable String serverName) {

    /** The first value of a header, or null if it was not sent. */
    public @Nullable String header(String name) {
        List<String> values = Header.values(headers, name);
        return values.isEmpty() ? null : values.get(0);
    }

    /** All values of a header in the order sent. */
    public List<String> headerValues(String name) {
        return Header.values(headers, name);
    }
}
