package dev.detour.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides from a request's head alone whether it is let in, so that a stranger's body is never kept. */
final class Gate {
    private final RouteTable routes;
    private final byte[] token;

    Gate(RouteTable routes, String token) {
        this.routes = routes;
        this.token = token.getBytes(StandardCharsets.US_ASCII);
    }

    /** A request that was let in and whose body is still to come. */
    record Admitted(AdminRoute route, String path, Map<String, String> variables, Map<String, List<String>> query) {}

    Admitted admit(HttpRequest head) throws ProblemException {
        if (head.decoderResult().isFailure()) {
            throw ProblemException.of(400, "the request is not valid HTTP");
        }
        String path = head.uri().split("\\?", 2)[0];
        RouteTable.Match match = find(path);
        if (match == null || !match.place().open()) {
            // Before 404 and 405: a stranger learns nothing about what exists.
            checkToken(head.headers().get(HttpHeaderNames.AUTHORIZATION));
        }
        if (match == null) {
            throw ProblemException.of(404, "there is nothing at " + path);
        }
        AdminRoute route = match.place().route(head.method().name());
        if (route == null) {
            throw ProblemException.methodNotAllowed(
                    head.method().name(), path, match.place().allow());
        }
        if (HttpUtil.getContentLength(head, 0L) > route.largestBody()) {
            throw tooLarge(route);
        }
        try {
            return new Admitted(route, path, match.variables(), new QueryStringDecoder(head.uri()).parameters());
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(400, "the query is not valid: " + e.getMessage());
        }
    }

    static ProblemException tooLarge(AdminRoute route) {
        return ProblemException.of(413, "the body is too large (expected: at most " + route.largestBody() + " bytes)");
    }

    private RouteTable.@Nullable Match find(String path) throws ProblemException {
        try {
            return routes.find(path);
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(400, "the path is not valid: " + e.getMessage());
        }
    }

    private void checkToken(@Nullable String authorization) throws ProblemException {
        if (authorization == null) {
            throw ProblemException.unauthorized(
                    "the admin token is missing (expected: Authorization: Bearer …)", "Bearer realm=\"detour\"");
        }
        boolean bearer = authorization.regionMatches(true, 0, "Bearer ", 0, 7);
        byte[] given = bearer ? authorization.substring(7).strip().getBytes(StandardCharsets.UTF_8) : new byte[0];
        // Constant time: otherwise the duration tells how much of a guess is right.
        if (!MessageDigest.isEqual(token, given)) {
            throw ProblemException.unauthorized(
                    "the admin token is wrong", "Bearer realm=\"detour\", error=\"invalid_token\"");
        }
    }
}
