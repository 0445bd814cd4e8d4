package dev.detour.admin;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Every route by path and method. A path without variables wins over one with, else the first given wins. */
final class RouteTable {
    private final List<Place> places;

    /** @throws IllegalArgumentException if two routes have the same method and path */
    RouteTable(List<AdminRoute> routes) {
        Map<String, Place> byPath = new LinkedHashMap<>();
        for (AdminRoute route : routes) {
            Place place = byPath.computeIfAbsent(route.path(), Place::of);
            if (place.byMethod().put(route.method(), route) != null) {
                throw new IllegalArgumentException("two routes for " + route.method() + " " + route.path());
            }
        }
        List<Place> ordered = new ArrayList<>(byPath.values());
        ordered.sort((a, b) -> Boolean.compare(a.path().contains("{"), b.path().contains("{")));
        this.places = List.copyOf(ordered);
    }

    @Nullable Match find(String path) {
        List<String> segments = List.of(path.split("/", -1));
        for (Place place : places) {
            Map<String, String> variables = place.match(segments);
            if (variables != null) {
                return new Match(place, variables);
            }
        }
        return null;
    }

    /** A path that is known, and what its variables stand for. */
    record Match(Place place, Map<String, String> variables) {}

    /** One path with its methods. */
    record Place(String path, List<String> segments, Map<String, AdminRoute> byMethod) {
        static Place of(String path) {
            return new Place(path, List.of(path.split("/", -1)), new TreeMap<>());
        }

        @Nullable AdminRoute route(String method) {
            return byMethod.get(method.equals("HEAD") ? "GET" : method);
        }

        /** Whether it is answered without a token whatever the method: a 405 for it gives nothing away. */
        boolean open() {
            return byMethod.values().stream().allMatch(AdminRoute::open);
        }

        String allow() {
            TreeSet<String> methods = new TreeSet<>(byMethod.keySet());
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            return String.join(", ", methods);
        }

        private @Nullable Map<String, String> match(List<String> asked) {
            if (asked.size() != segments.size()) {
                return null;
            }
            Map<String, String> variables = new LinkedHashMap<>();
            for (int i = 0; i < segments.size(); i++) {
                String segment = segments.get(i);
                if (segment.startsWith("{") && segment.endsWith("}")) {
                    if (asked.get(i).isEmpty()) {
                        return null;
                    }
                    variables.put(
                            segment.substring(1, segment.length() - 1),
                            QueryStringDecoder.decodeComponent(asked.get(i)));
                } else if (!segment.equals(asked.get(i))) {
                    return null;
                }
            }
            return variables;
        }
    }
}
