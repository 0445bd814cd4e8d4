package dev.detour.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One key of the configuration file. {@link #ALL} is the one list of them: the loader refuses a key that is not in it and
 * takes its defaults from it, and the manual is tested against it.
 *
 * @param path where it stands; {@code []} is any item of a list and {@code <name>} any name
 * @param type what kind of value it takes
 * @param fallback the default as one would write it (of a list, its only item), or {@link #REQUIRED}, or {@link #NONE}
 */
record Setting(String path, String type, String fallback) {
    static final String REQUIRED = "required";
    static final String NONE = "none";

    static final List<Setting> ALL = List.of(
            new Setting("listeners", "list", REQUIRED),
            new Setting("listeners[].address", "address", REQUIRED),
            new Setting("listeners[].tls", "mapping", NONE),
            new Setting("listeners[].tls.certificate", "path", REQUIRED),
            new Setting("listeners[].tls.key", "path", REQUIRED),
            new Setting("admin", "mapping", NONE),
            new Setting("admin.address", "address", "127.0.0.1:9901"),
            new Setting("admin.token-file", "path", "admin.token"),
            new Setting("state", "path", "detour-state"),
            new Setting("zone", "name", NONE),
            new Setting("dns", "mapping", NONE),
            new Setting("dns.servers", "list of IP addresses", NONE),
            new Setting("backends", "mapping", REQUIRED),
            new Setting("backends.<name>", "mapping", NONE),
            new Setting("backends.<name>.endpoints", "list of endpoints", REQUIRED),
            new Setting("backends.<name>.endpoints[].url", "URL", REQUIRED),
            new Setting("backends.<name>.endpoints[].weight", "number", "1"),
            new Setting("backends.<name>.endpoints[].priority", "number", "0"),
            new Setting("backends.<name>.endpoints[].zone", "name", NONE),
            new Setting("backends.<name>.tls", "mapping", NONE),
            new Setting("backends.<name>.tls.trust", "path", NONE),
            new Setting("backends.<name>.tls.certificate", "path", NONE),
            new Setting("backends.<name>.tls.key", "path", NONE),
            new Setting("backends.<name>.tls.server-name", "host name", NONE),
            new Setting("backends.<name>.tls.revocation", "mapping", NONE),
            new Setting("backends.<name>.tls.revocation.crls", "list of paths", REQUIRED),
            new Setting("backends.<name>.tls.revocation.issuers", "path", NONE),
            new Setting("backends.<name>.tls.revocation.stale", "accept or refuse", "refuse"),
            new Setting("backends.<name>.tls.revocation.unknown", "accept or refuse", "accept"),
            new Setting("backends.<name>.tls.revocation.every", "duration", "1m"),
            new Setting("backends.<name>.timeouts", "mapping", NONE),
            new Setting("backends.<name>.timeouts.connect", "duration", "1s"),
            new Setting("backends.<name>.timeouts.handshake", "duration", "2s"),
            new Setting("backends.<name>.timeouts.first-byte", "duration", "5s"),
            new Setting("backends.<name>.timeouts.between-bytes", "duration", "15s"),
            new Setting("backends.<name>.deadline", "duration", NONE),
            new Setting("backends.<name>.divert-after", "duration", NONE),
            new Setting("backends.<name>.probe", "mapping", NONE),
            new Setting("backends.<name>.probe.kind", "probe kind", "http"),
            new Setting("backends.<name>.probe.path", "URL path", NONE),
            new Setting("backends.<name>.probe.status", "list of statuses", "200-299"),
            new Setting("backends.<name>.probe.body", "text", NONE),
            new Setting("backends.<name>.probe.every", "duration", "2s"),
            new Setting("backends.<name>.probe.timeout", "duration", "1s"),
            new Setting("backends.<name>.probe.up-after", "number", "2"),
            new Setting("backends.<name>.probe.down-after", "number", "3"),
            new Setting("backends.<name>.breaker", "mapping", NONE),
            new Setting("backends.<name>.breaker.window", "number", "20"),
            new Setting("backends.<name>.breaker.minimum-calls", "number", "10"),
            new Setting("backends.<name>.breaker.failure-rate", "share", "50%"),
            new Setting("backends.<name>.breaker.slow-call", "duration", "4s"),
            new Setting("backends.<name>.breaker.slow-rate", "share", "80%"),
            new Setting("backends.<name>.breaker.open-for", "duration", "5s"),
            new Setting("backends.<name>.breaker.trial-calls", "number", "3"),
            new Setting("backends.<name>.breaker.ramp", "duration or 0s", "5s"),
            new Setting("backends.<name>.outlier", "mapping", NONE),
            new Setting("backends.<name>.outlier.consecutive", "number", "5"),
            new Setting("backends.<name>.outlier.failure-rate", "share", "30%"),
            new Setting("backends.<name>.outlier.minimum-calls", "number", "20"),
            new Setting("backends.<name>.outlier.slow-factor", "number", "5"),
            new Setting("backends.<name>.outlier.interval", "duration", "5s"),
            new Setting("backends.<name>.outlier.eject-for", "duration", "10s"),
            new Setting("backends.<name>.outlier.eject-at-most", "duration", "5m"),
            new Setting("backends.<name>.outlier.max-ejected", "share", "50%"),
            new Setting("backends.<name>.balance", "mapping", NONE),
            new Setting("backends.<name>.balance.policy", "policy", "least-loaded"),
            new Setting("backends.<name>.balance.panic-below", "share", "30%"),
            new Setting("backends.<name>.balance.slow-start", "duration or 0s", "10s"),
            new Setting("backends.<name>.balance.drain-margin", "duration or 0s", "10m"),
            new Setting("backends.<name>.overload", "mapping", NONE),
            new Setting("backends.<name>.overload.connections", "number", "512"),
            new Setting("backends.<name>.overload.limit", "number or adaptive", "adaptive"),
            new Setting("backends.<name>.overload.minimum", "number", "20"),
            new Setting("backends.<name>.overload.maximum", "number", "1000"),
            new Setting("backends.<name>.overload.queue", "number", "256"),
            new Setting("backends.<name>.overload.queue-time", "duration", "500ms"),
            new Setting("backends.<name>.overload.json-per-client", "number", NONE),
            new Setting("backends.<name>.overload.json-burst", "number", NONE),
            new Setting("backends.<name>.retry", "mapping", NONE),
            new Setting("backends.<name>.retry.attempts", "number", "2"),
            new Setting("backends.<name>.retry.budget", "share", "20%"),
            new Setting("backends.<name>.hold-up-to", "size", "64KiB"),
            new Setting("mirrors", "mapping", NONE),
            new Setting("mirrors.<name>", "mapping", NONE),
            new Setting("mirrors.<name>.tree", "path", NONE),
            new Setting("mirrors.<name>.url", "URL", NONE),
            new Setting("mirrors.<name>.store", "path", NONE),
            new Setting("mirrors.<name>.max-age", "duration", "24h"),
            new Setting("mirrors.<name>.min-fidelity", "share", "99%"),
            new Setting("mirrors.<name>.keep", "number", "5"),
            new Setting("mirrors.<name>.files", "none, metadata or all", "none"),
            new Setting("mirrors.<name>.files-limit", "size", "50GiB"),
            new Setting("mirrors.<name>.capture", "flag", "true"),
            new Setting("mirrors.<name>.audit", "duration or 0s", "7d"),
            new Setting("mirrors.<name>.sync", "mapping", NONE),
            new Setting("mirrors.<name>.sync.from", "URL", NONE),
            new Setting("mirrors.<name>.sync.backend", "name", NONE),
            new Setting("mirrors.<name>.sync.every", "duration", "5m"),
            new Setting("mirrors.<name>.sync.connections", "number", "4"),
            new Setting("mirrors.<name>.sync.rate", "number", "20"),
            new Setting("mirrors.<name>.sync.documents", "none, project or all", "project"),
            new Setting("mirrors.<name>.sync.provenance", "flag", "true"),
            new Setting("mirrors.<name>.sync.brake", "mapping", NONE),
            new Setting("mirrors.<name>.sync.brake.projects", "number", "1000"),
            new Setting("mirrors.<name>.sync.brake.share", "share or 0%", "5%"),
            new Setting("mirrors.<name>.sync.read-all", "duration", "7d"),
            new Setting("mirrors.<name>.follow", "mapping", NONE),
            new Setting("mirrors.<name>.follow.url", "URL", REQUIRED),
            new Setting("mirrors.<name>.follow.key", "path", REQUIRED),
            new Setting("mirrors.<name>.follow.every", "duration", "1m"),
            new Setting("index", "mapping", NONE),
            new Setting("index.preset", "name", "pypi"),
            new Setting("index.backend", "name", REQUIRED),
            new Setting("index.mirror", "name", NONE),
            new Setting("cache", "mapping", NONE),
            new Setting("cache.memory", "size", "256MiB"),
            new Setting("cache.max-entry", "size", "2MiB"),
            new Setting("cache.absence", "duration", "10s"),
            new Setting("cache.obey-clients", "flag", "false"),
            new Setting("cache.compress", "flag", "true"),
            new Setting("cache.refill", "number", "1000"),
            new Setting("cache.disk", "mapping", NONE),
            new Setting("cache.disk.path", "path", REQUIRED),
            new Setting("cache.disk.size", "size", "4GiB"),
            new Setting("refusals", "mapping", NONE),
            new Setting("refusals.status-url", "URL", NONE),
            new Setting("refusals.upload-outage-status", "number", "403"),
            new Setting("routes", "list", NONE),
            new Setting("routes[].name", "name", REQUIRED),
            new Setting("routes[].match", "mapping", REQUIRED),
            new Setting("routes[].match.host", "host name", NONE),
            new Setting("routes[].match.path", "path template", "/**"),
            new Setting("routes[].match.methods", "list of methods", NONE),
            new Setting("routes[].match.headers", "mapping", NONE),
            new Setting("routes[].match.query", "mapping", NONE),
            new Setting("routes[].api", "API class", "other"),
            new Setting("routes[].backend", "name", REQUIRED),
            new Setting("routes[].mirror", "name", NONE),
            new Setting("routes[].fallback", "list of fallbacks", NONE),
            new Setting("routes[].deadline", "duration", NONE),
            new Setting("routes[].divert-after", "duration", NONE),
            new Setting("routes[].status-counts", "flag", "true"),
            new Setting("routes[].grace", "duration", NONE));

    private static final Map<String, Map<String, Setting>> BY_SECTION = bySection();

    /** The keys known in a section, by key; the section of the whole file is the empty string. */
    static Map<String, Setting> in(String section) {
        return Objects.requireNonNull(BY_SECTION.get(section), section);
    }

    private static Map<String, Map<String, Setting>> bySection() {
        Map<String, Map<String, Setting>> sections = new LinkedHashMap<>();
        for (Setting setting : ALL) {
            int dot = setting.path().lastIndexOf('.');
            String section = dot < 0 ? "" : setting.path().substring(0, dot);
            sections.computeIfAbsent(section, any -> new LinkedHashMap<>())
                    .put(setting.path().substring(dot + 1), setting);
        }
        return sections;
    }
}
