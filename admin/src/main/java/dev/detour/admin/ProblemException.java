package dev.detour.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an {@code application/problem+json} document (RFC 9457). */
public final class ProblemException extends Exception {
    private static final int LONGEST_ECHO = 100;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    private ProblemException(Problem problem, Map<String, String> headers) {
        super(problem.detail());
        this.problem = problem;
        this.headers = headers;
    }

    /** A problem with the usual title of its status. */
    public static ProblemException of(int status, String detail) {
        return new ProblemException(Problem.of(status, detail, null, null, null), Map.of());
    }

    /** 400 for a value that cannot be used; {@code expected} continues "expected: …". */
    public static ProblemException badValue(String name, String value, String expected) {
        String shown = value.length() <= LONGEST_ECHO ? value : value.substring(0, LONGEST_ECHO) + "…";
        String detail = name + ": " + shown + " (expected: " + expected + ")";
        return new ProblemException(Problem.of(400, detail, name, shown, expected), Map.of());
    }

    /** 404 for a name that nothing has; {@code expected} continues "expected: …". */
    public static ProblemException unknownName(String name, String value, String expected) {
        ProblemException same = badValue(name, value, expected);
        return new ProblemException(
                Problem.of(404, same.problem.detail(), name, same.problem.value(), expected), Map.of());
    }

    /** 412 for a change decided on a version that is no longer in force; {@code entityTag} is that of the one that is. */
    public static ProblemException outdated(String detail, String entityTag) {
        return new ProblemException(Problem.of(412, detail, null, null, null), Map.of("ETag", entityTag));
    }

    static ProblemException unauthorized(String detail, String challenge) {
        return new ProblemException(Problem.of(401, detail, null, null, null), Map.of("WWW-Authenticate", challenge));
    }

    static ProblemException methodNotAllowed(String method, String path, String allow) {
        return new ProblemException(
                Problem.of(405, method + " is not supported by " + path, "method", method, allow),
                Map.of("Allow", allow));
    }

    public int status() {
        return problem.status();
    }

    AdminResponse response() {
        AdminResponse response = AdminResponse.of(
                problem.status(), "application/problem+json", AdminJson.MAPPER.writeValueAsBytes(problem));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            response = response.withHeader(header.getKey(), header.getValue());
        }
        return response;
    }

    /** The document; {@code name}, {@code value} and {@code expected} say the detail once more for programs. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Problem(
            String type,
            String title,
            int status,
            String detail,
            @Nullable String name,
            @Nullable String value,
            @Nullable String expected) {

        static Problem of(
                int status, String detail, @Nullable String name, @Nullable String value, @Nullable String expected) {
            String title = HttpResponseStatus.valueOf(status).reasonPhrase();
            return new Problem("about:blank", title, status, detail, name, value, expected);
        }
    }
}
