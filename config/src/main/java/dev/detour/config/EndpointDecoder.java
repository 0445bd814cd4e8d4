package dev.detour.config;

import dev.detour.config.BackendConfig.Endpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@code endpoints} of a backend, each a URL or a mapping with one. */
final class EndpointDecoder {
    /** The data path remembers which endpoints a request has met in the bits of one long. */
    private static final int MAX_ENDPOINTS = 64;

    private static final String ENDPOINTS = "a list of at least one " + Notation.ENDPOINT.expected();
    private static final Notation<Integer> WEIGHT = Notation.number(1, 1000);
    private static final Notation<Integer> PRIORITY = Notation.number(0, 9);

    private EndpointDecoder() {}

    static List<Endpoint> decode(Section backend) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Section item : backend.sections("endpoints", ENDPOINTS, "url")) {
            Endpoint endpoint = endpoint(item);
            if (endpoint != null) {
                endpoints.add(endpoint);
            }
        }
        check(backend, endpoints);
        return endpoints;
    }

    private static @Nullable Endpoint endpoint(Section item) {
        Endpoint plain = item.find("url", Notation.ENDPOINT);
        int weight = item.get("weight", WEIGHT);
        int priority = item.get("priority", PRIORITY);
        String zone = item.find("zone", Notation.NAME);
        return plain == null ? null : new Endpoint(plain.secure(), plain.address(), weight, priority, zone);
    }

    private static void check(Section backend, List<Endpoint> endpoints) {
        if (backend.isEmpty("endpoints")) {
            backend.problem("endpoints", "an empty list", ENDPOINTS);
        }
        if (endpoints.size() > MAX_ENDPOINTS) {
            backend.problem("endpoints", endpoints.size() + " endpoints", "at most " + MAX_ENDPOINTS);
        }
        long secure = endpoints.stream().filter(Endpoint::secure).count();
        if (secure > 0 && secure < endpoints.size()) {
            backend.problem("endpoints", "http and https mixed", "all endpoints of a backend http, or all https");
        }
        Set<String> seen = new HashSet<>();
        for (Endpoint endpoint : endpoints) {
            if (!seen.add(endpoint.toString())) {
                backend.problem("endpoints", Problems.quoted(endpoint.toString()) + " twice", "each endpoint once");
            }
        }
    }
}
