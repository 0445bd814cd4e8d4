package dev.detour.health.vault;

import dev.detour.health.certificate.CertificateFacts;
import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.certificate.SourceProblem.Kind;
import dev.detour.health.certificate.TrustAnchors;
import dev.detour.health.deadline.Deadline;
import dev.detour.health.tls.TlsDiagnosis;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks one Vault, over HTTP, and only reads. Every answer is bounded in size and time. */
final class VaultClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    /** A chain or a setting; lists of certificates are not asked for. */
    private static final int LARGEST = 1 << 20;

    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int SEALED = 503;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final VaultSettings settings;
    private final Duration answer;

    VaultClient(VaultSettings settings) {
        this(settings, ANSWER);
    }

    VaultClient(VaultSettings settings, Duration answer) {
        this.settings = settings;
        this.answer = answer;
    }

    URI at(String path) {
        return settings.url().resolve("v1/" + path);
    }

    HttpClient http() {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER);
        TrustAnchors trust = settings.trust();
        return (trust == null ? builder : builder.sslContext(trust.context())).build();
    }

    /**
     * The bytes at a path below {@code /v1/} that everybody may read; null if there is nothing.
     *
     * @throws VaultRefusal if Vault does not give them
     */
    byte @Nullable [] open(HttpClient http, String path) throws VaultRefusal, InterruptedException {
        return get(http, path, null);
    }

    /**
     * {@code data} of the answer at a path, or the whole answer where it has none; null if there is nothing.
     *
     * @param token sent along, or null
     * @throws VaultRefusal if Vault does not give it, or it is no JSON
     */
    @Nullable JsonNode json(HttpClient http, String path, @Nullable String token) throws VaultRefusal, InterruptedException {
        byte[] body = get(http, path, token);
        if (body == null) {
            return null;
        }
        try {
            JsonNode answer = JSON.readTree(body);
            return answer.path("data").isObject() ? answer.path("data") : answer;
        } catch (JacksonException e) {
            throw new VaultRefusal(problem(Kind.MALFORMED, path, "an answer that is not JSON", "Vault's JSON"));
        }
    }

    private byte @Nullable [] get(HttpClient http, String path, @Nullable String token)
            throws VaultRefusal, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(at(path)).timeout(answer);
        if (token != null) {
            request.header("X-Vault-Token", token);
        }
        if (settings.namespace() != null) {
            request.header("X-Vault-Namespace", settings.namespace());
        }
        try {
            HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
            return taken(path, response.statusCode(), bytes(path, response.body()));
        } catch (IOException e) {
            throw new VaultRefusal(unanswered(path, e));
        }
    }

    private byte[] bytes(String path, InputStream stream) throws IOException, VaultRefusal {
        Deadline deadline = Deadline.closing(stream, answer);
        try (deadline;
                InputStream body = stream) {
            return body.readNBytes(LARGEST + 1);
        } catch (IOException e) {
            if (deadline.passed()) {
                throw new VaultRefusal(problem(
                        Kind.TIMEOUT, path, "an answer that stops", "an answer within " + answer.toSeconds() + " s"));
            }
            throw e;
        }
    }

    private byte @Nullable [] taken(String path, int status, byte[] bytes) throws VaultRefusal {
        if (bytes.length > LARGEST) {
            throw new VaultRefusal(
                    problem(Kind.TOO_LARGE, path, "more than " + LARGEST + " bytes", "a chain or a setting"));
        }
        switch (status) {
            case OK -> {
                return bytes;
            }
            case 204, NOT_FOUND -> {
                return null;
            }
            case FORBIDDEN ->
                throw new VaultRefusal(problem(
                        Kind.DENIED,
                        path,
                        "403: " + errors(bytes),
                        "a token whose policy has path \"" + path + "\" with the capability read"));
            case SEALED ->
                throw new VaultRefusal(problem(Kind.SEALED, path, "503: " + errors(bytes), "an unsealed Vault"));
            default ->
                throw new VaultRefusal(problem(Kind.REFUSED, path, status + ": " + errors(bytes), "an answer of 200"));
        }
    }

    /** What Vault says of itself, or the beginning of what somebody else has said. */
    private static String errors(byte[] body) {
        try {
            StringBuilder words = new StringBuilder();
            for (JsonNode error : JSON.readTree(body).path("errors")) {
                words.append(words.length() == 0 ? "" : "; ").append(error.asString(""));
            }
            return CertificateFacts.printable(words.toString().strip());
        } catch (JacksonException e) {
            return CertificateFacts.printable(new String(body, StandardCharsets.ISO_8859_1).strip());
        }
    }

    private SourceProblem unanswered(String path, IOException failure) {
        if (failure instanceof HttpTimeoutException) {
            return problem(Kind.TIMEOUT, path, "no answer in time", "an answer within " + answer.toSeconds() + " s");
        }
        if (failure instanceof SSLException) {
            TlsDiagnosis diagnosis = TlsDiagnosis.diagnose(failure);
            return problem(
                    Kind.HANDSHAKE, path, diagnosis.reason().label() + ": " + diagnosis.detail(), "a TLS handshake");
        }
        String found = failure instanceof ConnectException
                ? "cannot connect to " + settings.url().getAuthority()
                : "the connection failed: " + failure.getClass().getSimpleName();
        return problem(Kind.UNREACHABLE, path, found, "a Vault that answers");
    }

    private SourceProblem problem(Kind kind, String path, String found, String expected) {
        return new SourceProblem(kind, settings.name() + "/" + path, found, expected);
    }

    /**
     * The token of the moment, which may be replaced at any time; null if none is configured.
     *
     * @throws VaultRefusal if it cannot be read
     */
    @Nullable String token() throws VaultRefusal {
        Path file = settings.tokenFile();
        if (file == null) {
            return null;
        }
        try {
            String token = Files.readString(file).strip();
            // a header value; what else a file may hold would be an exception that names it
            if (!token.matches("[\\x21-\\x7e]{1,4096}")) {
                throw new VaultRefusal(new SourceProblem(
                        Kind.MALFORMED, file.toString(), "no token", "a token for Vault on one line"));
            }
            return token;
        } catch (IOException e) {
            throw new VaultRefusal(
                    new SourceProblem(Kind.UNREADABLE, file.toString(), "cannot be read", "a token for Vault"));
        }
    }
}
