package dev.detour.proxy.route;

import dev.detour.config.RouteConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All routes of a configuration, compiled; the first in the list that fits takes the request. Immutable, and read by every
 * event loop at once.
 */
public final class RouteTable {
    private final List<Route> routes;
    private final PathNode root;

    /**
     * Compiles routes.
     *
     * @param routes in matching order
     * @throws IllegalArgumentException if a path is not a template
     */
    public RouteTable(List<RouteConfig> routes) {
        List<Route> compiled = new ArrayList<>(routes.size());
        for (RouteConfig config : routes) {
            compiled.add(new Route(config, compiled.size()));
        }
        this.routes = List.copyOf(compiled);
        this.root = PathNode.compile(this.routes);
    }

    /** Every route in matching order; a route's {@link Route#index()} is its place here. */
    public List<Route> routes() {
        return routes;
    }

    /**
     * The route that takes a request, or null if none does. Called once for every request on its event loop, it allocates
     * nothing.
     *
     * <p>Paths are compared raw, except that an encoded unreserved character is that character (RFC 3986, 6.2.2.2) and hex
     * digits have no case. Dot segments are expected to have been refused before, and an empty segment is one that no
     * variable takes.
     *
     * @param host the host without port, in any case, or null if the request has none
     * @param target the request target as sent: an absolute path and perhaps a query. Any other form fits no route
     */
    public @Nullable Route classify(
            HttpMethod method, @Nullable CharSequence host, String target, HttpHeaders headers) {
        if (target.isEmpty() || target.charAt(0) != '/') {
            return null;
        }
        int end = Template.pathEnd(target);
        Rule rule = root.find(target, 1, end, method, Rule.bit(method), host, headers, null);
        return rule == null ? null : rule.route();
    }
}
