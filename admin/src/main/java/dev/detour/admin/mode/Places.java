package dev.detour.admin.mode;

import java.util.Set;

/** The names that a mode can be limited to. */
public record Places(Set<String> backends, Set<String> routes) {
    public Places {
        backends = Set.copyOf(backends);
        routes = Set.copyOf(routes);
    }
}
