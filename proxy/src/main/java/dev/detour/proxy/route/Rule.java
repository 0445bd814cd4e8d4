package dev.detour.proxy.route;

import dev.detour.config.RouteConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The conditions of a route other than its path. */
final class Rule {
    private static final HttpMethod[] STANDARD = {
        HttpMethod.GET,
        HttpMethod.HEAD,
        HttpMethod.POST,
        HttpMethod.PUT,
        HttpMethod.DELETE,
        HttpMethod.OPTIONS,
        HttpMethod.PATCH,
        HttpMethod.TRACE,
        HttpMethod.CONNECT
    };

    private final Route route;
    private final int methods;
    private final Set<String> methodNames;
    private final @Nullable AsciiString host;
    private final HeaderCondition[] headers;
    private final QueryCondition[] query;

    Rule(Route route) {
        RouteConfig.Match match = route.match();
        this.route = route;
        this.methodNames = Set.copyOf(match.methods());
        this.methods = bits(methodNames);
        this.host = match.host() == null ? null : AsciiString.of(match.host());
        this.headers = headerConditions(match.headers());
        this.query = queryConditions(match.query());
    }

    Route route() {
        return route;
    }

    int index() {
        return route.index();
    }

    /** The bit of a method in the sets that rules hold, or 0 for one that has to be looked up by name. */
    @SuppressWarnings("ReferenceEquality") // Netty's decoder uses these very objects; others are found by name
    static int bit(HttpMethod method) {
        for (int i = 0; i < STANDARD.length; i++) {
            if (STANDARD[i] == method) {
                return 1 << i;
            }
        }
        return 0;
    }

    /** Whether a request whose path matches is this route's. */
    boolean takes(
            HttpMethod method,
            int methodBit,
            @Nullable CharSequence requestHost,
            String target,
            int pathEnd,
            HttpHeaders requestHeaders) {
        if (!methodNames.isEmpty()
                && (methods & methodBit) == 0
                && (methodBit != 0 || !methodNames.contains(method.name()))) {
            return false;
        }
        if (host != null && (requestHost == null || !AsciiString.contentEqualsIgnoreCase(host, requestHost))) {
            return false;
        }
        for (int i = 0; i < headers.length; i++) {
            if (!headers[i].holds(requestHeaders)) {
                return false;
            }
        }
        for (int i = 0; i < query.length; i++) {
            if (!query[i].holds(target, pathEnd)) {
                return false;
            }
        }
        return true;
    }

    private static int bits(Set<String> names) {
        int bits = 0;
        for (String name : names) {
            bits |= bit(HttpMethod.valueOf(name));
        }
        return bits;
    }

    private static HeaderCondition[] headerConditions(Map<String, String> conditions) {
        return conditions.entrySet().stream()
                .map(entry -> HeaderCondition.of(entry.getKey(), entry.getValue()))
                .toArray(HeaderCondition[]::new);
    }

    private static QueryCondition[] queryConditions(Map<String, String> conditions) {
        return conditions.entrySet().stream()
                .map(entry -> QueryCondition.of(entry.getKey(), entry.getValue()))
                .toArray(QueryCondition[]::new);
    }
}
