package dev.detour.proxy.refuse;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer that refuses.
 *
 * @param cause why; may be more exact than what was asked for (a POST to a Simple page is not allowed, outage or not)
 * @param status HTTP status
 * @param reasonPhrase for HTTP/1.1: at most 200 characters of ISO-8859-1 without control characters
 * @param headers every header but {@code Content-Length}, which follows from {@code body}
 * @param body to send as UTF-8; left out for HEAD, whose headers are the same
 */
public record Refusal(RefusalCause cause, int status, String reasonPhrase, Map<String, String> headers, String body) {
    public Refusal {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
}
