package dev.detour.admin.client;

import dev.detour.admin.token.TokenFile;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running instance as seen by the command line. */
public final class AdminClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI base;
    private final Path tokenFile;
    private final String token;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private AdminClient(URI base, Path tokenFile, String token) {
        this.base = base;
        this.tokenFile = tokenFile;
        this.token = token;
    }

    /** A client for the instance at {@code base}, such as {@code http://127.0.0.1:9901}. Connects to nothing yet. */
    public static AdminClient open(URI base, Path tokenFile) throws AdminClientException {
        if (base.getHost() == null || !("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
            throw new AdminClientException("admin: " + base + " (expected: a URL like http://127.0.0.1:9901)", 0, null);
        }
        try {
            return new AdminClient(base, tokenFile, TokenFile.read(tokenFile));
        } catch (IOException e) {
            throw new AdminClientException(String.valueOf(e.getMessage()), 0, e);
        }
    }

    public JsonNode get(String path) throws AdminClientException {
        return send(request(path).GET().build());
    }

    public JsonNode put(String path, JsonNode body) throws AdminClientException {
        return send(json(path)
                .PUT(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build());
    }

    public JsonNode post(String path, JsonNode body) throws AdminClientException {
        return send(json(path)
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build());
    }

    /** Like {@link #post}, but refused with status 412 if another version than {@code version} is in force. */
    public JsonNode postIfMatch(String path, JsonNode body, long version) throws AdminClientException {
        return send(json(path)
                .header("If-Match", "\"" + version + "\"")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build());
    }

    public JsonNode delete(String path) throws AdminClientException {
        return send(request(path).DELETE().build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(ANSWER).header("Authorization", "Bearer " + token);
    }

    private HttpRequest.Builder json(String path) {
        return request(path).header("Content-Type", "application/json");
    }

    private JsonNode send(HttpRequest request) throws AdminClientException {
        HttpResponse<String> response;
        try {
            response = http.send(request, BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new AdminClientException("cannot connect to " + base + " (is Detour running there?)", 0, e);
        } catch (HttpTimeoutException e) {
            throw new AdminClientException("no answer from " + base + " in time", 0, e);
        } catch (IOException e) {
            throw new AdminClientException("no answer from " + base + ": " + e, 0, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminClientException("interrupted while waiting for " + base, 0, e);
        }
        int status = response.statusCode();
        if (status == 401) {
            throw new AdminClientException(base + " refused the admin token in " + tokenFile, status, null);
        }
        JsonNode answer = parse(response);
        if (status >= 300) {
            String detail = answer.path("detail").asString("");
            String shown = detail.isEmpty() ? "status " + status : detail;
            throw new AdminClientException(shown, status, null);
        }
        return answer;
    }

    private JsonNode parse(HttpResponse<String> response) throws AdminClientException {
        try {
            return JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw new AdminClientException(
                    base + " answered " + response.statusCode() + " without JSON (is it Detour's admin address?)",
                    response.statusCode(),
                    e);
        }
    }
}
