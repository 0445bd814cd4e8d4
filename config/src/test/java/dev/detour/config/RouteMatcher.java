package dev.detour.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The plainest reading of what a route matches, to check presets with. */
final class RouteMatcher {
    private RouteMatcher() {}

    /** The first route that takes the request. */
    static RouteConfig first(
            List<RouteConfig> routes,
            String method,
            String path,
            Map<String, String> headers,
            Map<String, String> query) {
        return routes.stream()
                .filter(route -> route.match().host() == null)
                .filter(route -> route.match().methods().isEmpty()
                        || route.match().methods().contains(method))
                .filter(route -> path(route.match().path(), path))
                .filter(route -> values(lower(route.match().headers()), lower(headers)))
                .filter(route -> values(route.match().query(), query))
                .findFirst()
                .orElseThrow();
    }

    private static boolean path(String template, String path) {
        if (template.endsWith("/**")) {
            return path.startsWith(template.substring(0, template.length() - 2));
        }
        String[] parts = template.split("/", -1);
        String[] segments = path.split("/", -1);
        if (parts.length != segments.length) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            boolean fits = parts[i].startsWith("{") ? !segments[i].isEmpty() : parts[i].equals(segments[i]);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static boolean values(Map<String, String> wanted, Map<String, String> given) {
        return wanted.entrySet().stream().allMatch(want -> {
            String value = given.get(want.getKey());
            String pattern = want.getValue();
            if (value == null) {
                return false;
            }
            return pattern.endsWith("*")
                    ? value.startsWith(pattern.substring(0, pattern.length() - 1))
                    : value.equals(pattern);
        });
    }

    private static Map<String, String> lower(Map<String, String> map) {
        return map.entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        entry -> entry.getKey().toLowerCase(Locale.ROOT),
                        entry -> entry.getValue().toLowerCase(Locale.ROOT)));
    }
}
