package dev.detour.admin;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A complete request to the admin API, whose sender was found to be allowed to make it. */
public final class AdminRequest {
    private final String method;
    private final String path;
    private final Map<String, String> variables;
    private final Map<String, List<String>> query;
    private final HttpHeaders headers;
    private final byte[] body;

    AdminRequest(
            String method,
            String path,
            Map<String, String> variables,
            Map<String, List<String>> query,
            HttpHeaders headers,
            byte[] body) {
        this.method = method;
        this.path = path;
        this.variables = variables;
        this.query = query;
        this.headers = headers;
        this.body = body;
    }

    public String method() {
        return method;
    }

    /** The path as it was sent, without the query. */
    public String path() {
        return path;
    }

    /**
     * The decoded segment that {@code {name}} in the route's path stood for.
     *
     * @throws IllegalArgumentException if the route's path has no such segment
     */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("variable: " + name + " (expected: one of " + variables.keySet() + ")");
        }
        return value;
    }

    /** The decoded values of a query parameter in their order; none if it was not sent. */
    public List<String> query(String name) {
        return query.getOrDefault(name, List.of());
    }

    /** Every value of a header, joined with commas as RFC 9110 section 5.3 allows; null if it was not sent. */
    public @Nullable String header(String name) {
        List<String> values = headers.getAll(name);
        return values.isEmpty() ? null : String.join(", ", values);
    }

    /**
     * The body as a JSON object.
     *
     * @throws ProblemException 415 if the body is not declared as JSON, 400 if it is not a JSON object
     */
    public ObjectNode jsonObject() throws ProblemException {
        String type = header("Content-Type");
        if (type == null || !isJson(type)) {
            throw ProblemException.of(
                    415, "Content-Type: " + (type == null ? "missing" : type) + " (expected: application/json)");
        }
        JsonNode json;
        try {
            json = AdminJson.MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw ProblemException.of(400, "the body is not JSON: " + e.getOriginalMessage());
        }
        if (json instanceof ObjectNode object) {
            return object;
        }
        throw ProblemException.of(400, "the body is JSON but no object (expected: {…})");
    }

    private static boolean isJson(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
    }
}
