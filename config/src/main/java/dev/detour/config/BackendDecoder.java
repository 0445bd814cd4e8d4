package dev.detour.config;

import dev.detour.config.BackendConfig.Breaker;
import dev.detour.config.BackendConfig.Endpoint;
import dev.detour.config.BackendConfig.Probe;
import dev.detour.config.BackendConfig.Retry;
import dev.detour.config.BackendConfig.Timeouts;
import dev.detour.config.BackendConfig.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code backends}. */
final class BackendDecoder {
    /** The data path remembers which endpoints a request has met in the bits of one long. */
    private static final int MAX_ENDPOINTS = 64;

    private static final Notation<Integer> COUNT = Notation.number(1, Integer.MAX_VALUE);
    private static final String ENDPOINTS = "a list of at least one " + Notation.ENDPOINT.expected();

    private final Section section;

    BackendDecoder(Section section) {
        this.section = section;
    }

    BackendConfig decode(String name) {
        List<Endpoint> endpoints = endpoints();
        return new BackendConfig(
                name,
                endpoints,
                tls(endpoints),
                timeouts(),
                probe(),
                breaker(),
                new BackendConfig.Outlier(
                        5, 0.3, 20, 5, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMinutes(5), 0.5),
                new BackendConfig.Balance(BackendConfig.Policy.LEAST_LOADED, 0.3, Duration.ofSeconds(10)),
                new BackendConfig.Overload(512, true, 20, 1000, 256, Duration.ofMillis(500), 0, 0),
                retry(),
                section.get("hold-up-to", Notation.SIZE),
                null,
                null);
    }

    private List<Endpoint> endpoints() {
        List<Endpoint> endpoints = section.values("endpoints", ENDPOINTS, Notation.ENDPOINT);
        if (section.isEmpty("endpoints")) {
            section.problem("endpoints", "an empty list", ENDPOINTS);
        }
        if (endpoints.size() > MAX_ENDPOINTS) {
            section.problem("endpoints", endpoints.size() + " endpoints", "at most " + MAX_ENDPOINTS);
        }
        long secure = endpoints.stream().filter(Endpoint::secure).count();
        if (secure > 0 && secure < endpoints.size()) {
            section.problem("endpoints", "http and https mixed", "all endpoints of a backend http, or all https");
        }
        Set<Endpoint> seen = new HashSet<>();
        for (Endpoint endpoint : endpoints) {
            if (!seen.add(endpoint)) {
                section.problem("endpoints", Problems.quoted(endpoint.toString()) + " twice", "each endpoint once");
            }
        }
        return endpoints;
    }

    private Tls tls(List<Endpoint> endpoints) {
        Section tls = section.child("tls");
        if (tls == null) {
            return new Tls(null, null, null, null);
        }
        if (!endpoints.isEmpty() && endpoints.stream().noneMatch(Endpoint::secure)) {
            section.problem("tls", "present", "no tls for http endpoints; https:// in endpoints turns TLS on");
        }
        Path trust = FileCheck.readable(tls, "trust", "PEM certificates of the authorities to trust");
        Path certificate = FileCheck.readable(tls, "certificate", "PEM chain of the client certificate");
        Path key = FileCheck.readable(tls, "key", "PEM private key of the client certificate");
        requireTogether(tls, "certificate", "key");
        requireTogether(tls, "key", "certificate");
        boolean both = certificate != null && key != null;
        return new Tls(trust, both ? certificate : null, both ? key : null, tls.find("server-name", Notation.HOST));
    }

    private static void requireTogether(Section tls, String present, String other) {
        if (tls.has(present) && !tls.has(other)) {
            tls.problem(other, "missing", "a path, because " + present + " is set: the two only make sense together");
        }
    }

    private Timeouts timeouts() {
        Section timeouts = section.childOrEmpty("timeouts");
        return new Timeouts(
                timeouts.get("connect", Notation.DURATION),
                timeouts.get("handshake", Notation.DURATION),
                timeouts.get("first-byte", Notation.DURATION),
                timeouts.get("between-bytes", Notation.DURATION));
    }

    private @Nullable Probe probe() {
        Section probe = section.child("probe");
        if (probe == null) {
            return null;
        }
        return new Probe(
                BackendConfig.ProbeKind.HTTP,
                probe.get("path", Notation.URL_PATH, "/"),
                List.of(new BackendConfig.StatusRange(200, 299)),
                null,
                probe.get("every", Notation.DURATION),
                probe.get("timeout", Notation.DURATION),
                probe.get("up-after", COUNT),
                probe.get("down-after", COUNT));
    }

    private Breaker breaker() {
        Section breaker = section.childOrEmpty("breaker");
        int window = breaker.get("window", COUNT);
        int minimum = breaker.get("minimum-calls", COUNT);
        if (minimum > window) {
            String at = breaker.has("minimum-calls") ? "minimum-calls" : "window";
            breaker.problem(
                    at,
                    at.equals("window")
                            ? Problems.quoted(Integer.toString(window)) + " with minimum-calls " + minimum
                            : Problems.quoted(Integer.toString(minimum)),
                    "minimum-calls no larger than window (" + window + ")");
        }
        return new Breaker(
                window,
                Math.min(minimum, window),
                breaker.get("failure-rate", Notation.SHARE),
                breaker.get("slow-call", Notation.DURATION),
                breaker.get("slow-rate", Notation.SHARE),
                breaker.get("open-for", Notation.DURATION),
                breaker.get("trial-calls", COUNT),
                Duration.ofSeconds(5));
    }

    private Retry retry() {
        Section retry = section.childOrEmpty("retry");
        return new Retry(retry.get("attempts", COUNT), retry.get("budget", Notation.SHARE));
    }
}
