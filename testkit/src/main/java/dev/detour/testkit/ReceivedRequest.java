package dev.detour.testkit;

import org.jspecify.annotations.Nullable;

/**
 * A request that {@link FakeBackend} received, with what is left of its body.
 *
 * @param head the request line and headers
 * @param bodyLength bytes of body received, after removing the chunked coding
 * @param sha256 of the body, in hex
 * @param bodyText the first {@value FakeBackend#KEPT_BODY} bytes of the body, read as UTF-8
 * @param complete whether the whole body arrived
 */
public record ReceivedRequest(RequestHead head, long bodyLength, String sha256, String bodyText, boolean complete) {

    /** Number of the connection it came on; the first is 1. */
    public int connection() {
        return head.connection();
    }

    /** The method as sent. */
    public String method() {
        return head.method();
    }

    /** The request target as sent, not decoded. */
    public String target() {
        return head.target();
    }

    /** The first value of a header, or null if it was not sent. */
    public @Nullable String header(String name) {
        return head.header(name);
    }
}
