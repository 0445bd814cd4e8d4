package dev.detour.proxy.cache;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Points in time in field values (RFC 9110 5.6.7). */
final class HttpInstant {
    private HttpInstant() {}

    /** The time that is written there, in any of the three forms, or null if it is none. */
    @SuppressWarnings("JavaUtilDate") // what Netty gives
    static @Nullable Instant of(@Nullable String written) {
        Date date = written == null ? null : DateFormatter.parseHttpDate(written);
        return date == null ? null : date.toInstant();
    }
}
