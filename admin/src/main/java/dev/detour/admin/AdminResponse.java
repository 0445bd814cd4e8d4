package dev.detour.admin;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer of the admin API. Immutable; the body is complete, because everything asked here is small. */
public final class AdminResponse {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private AdminResponse(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** {@code body} as JSON: a record, a collection or a Jackson node. */
    public static AdminResponse json(int status, Object body) {
        return of(status, "application/json", AdminJson.MAPPER.writeValueAsBytes(body));
    }

    /** Text in UTF-8; {@code contentType} should say so. */
    public static AdminResponse text(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes of any type, which now belong to the answer. */
    public static AdminResponse of(int status, String contentType, byte[] body) {
        return new AdminResponse(status, Map.of("Content-Type", contentType), body);
    }

    /** The same answer with one more header. */
    public AdminResponse withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new AdminResponse(status, more, body);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }
}
