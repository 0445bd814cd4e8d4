package dev.detour.mirror.sync;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an index, or a file host, said to a request. */
public sealed interface IndexAnswer {
    /**
     * 200, whole.
     *
     * @param body without content coding
     * @param contentType without parameters, lower case; "" if there is none
     * @param etag as sent, or null
     * @param lastSerial {@code X-PyPI-Last-Serial}, or -1
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Found(byte[] body, String contentType, @Nullable String etag, long lastSerial) implements IndexAnswer {}

    /** 304. */
    record NotModified() implements IndexAnswer {}

    /** 404 or 410. */
    record Gone(int status) implements IndexAnswer {}

    /**
     * Nothing can be learned from it.
     *
     * @param detail one line for the operator
     * @param retryAfter how long the index asks to be left alone, or zero
     */
    record Failed(String detail, Duration retryAfter) implements IndexAnswer {
        Failed(String detail) {
            this(detail, Duration.ZERO);
        }
    }
}
