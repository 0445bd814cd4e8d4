package dev.detour.proxy.refuse;

import dev.detour.config.ApiClass;
import org.jspecify.annotations.Nullable;

/**
 * What of a request decides how its refusal is worded.
 *
 * @param api the API class of its route; {@link ApiClass#OTHER} if it has none
 * @param method upper case
 * @param accept {@code Accept} as sent, or null
 * @param id the {@code X-Request-Id} it has in logs, shown to people so that they can quote it, or null
 */
public record RefusedRequest(
        ApiClass api,
        String method,
        @Nullable String accept,
        @Nullable String id) {}
