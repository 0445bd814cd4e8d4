package dev.detour.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** The configuration in force, written out for people. */
public final class EffectiveConfig {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER, YAMLWriteFeature.SPLIT_LINES)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES, YAMLWriteFeature.INDENT_ARRAYS_WITH_INDICATOR)
            .build();

    private EffectiveConfig() {}

    /**
     * The configuration as YAML with every default filled in, then the routes of its index preset as comments. Loading
     * the text gives an equal configuration.
     *
     * @throws IllegalArgumentException if a duration in it is no whole number of milliseconds
     */
    public static String describe(DetourConfig config) {
        List<RouteConfig> preset = config.index() == null ? List.of() : Preset.expand(config.index());
        List<RouteConfig> own = config.routes().stream()
                .filter(route -> !preset.contains(route))
                .toList();
        StringBuilder out = new StringBuilder(YAML.writeValueAsString(tree(config, own)));
        if (!preset.isEmpty()) {
            out.append("\n# Routes of the index preset, tried in this order after those above:\n");
            preset.forEach(route -> out.append("#   ").append(line(route)).append('\n'));
        }
        return out.toString();
    }

    private static String line(RouteConfig route) {
        RouteConfig.Match match = route.match();
        StringBuilder out = new StringBuilder(route.name())
                .append(": api ")
                .append(route.api().label());
        out.append(", ").append(match.methods().isEmpty() ? "any method" : String.join(" ", match.methods()));
        out.append(' ').append(match.host() == null ? "" : match.host()).append(match.path());
        match.headers().forEach((name, value) -> out.append(", header ").append(name + ": " + value));
        match.query().forEach((name, value) -> out.append(", query ").append(name + "=" + value));
        out.append(", backend ").append(route.backend());
        out.append(", mirror ").append(route.mirror() == null ? "none" : route.mirror());
        return out.append(", fallback ").append(labels(route.fallback())).toString();
    }

    private static Map<String, Object> tree(DetourConfig config, List<RouteConfig> own) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put(
                "listeners",
                config.listeners().stream().map(EffectiveConfig::listener).toList());
        root.put(
                "admin",
                ordered(
                        "address",
                        config.admin().address(),
                        "token-file",
                        config.admin().tokenFile()));
        root.put("state", config.state().toString());
        root.putAll(ordered("zone", config.zone()));
        if (!config.nameServers().isEmpty()) {
            root.put("dns", ordered("servers", texts(config.nameServers())));
        }
        Map<String, Object> backends = new LinkedHashMap<>();
        config.backends().forEach((name, backend) -> backends.put(name, EffectiveBackend.tree(backend)));
        root.put("backends", backends);
        Map<String, Object> mirrors = new LinkedHashMap<>();
        config.mirrors().forEach((name, mirror) -> mirrors.put(name, EffectiveMirror.tree(mirror)));
        if (!mirrors.isEmpty()) {
            root.put("mirrors", mirrors);
        }
        IndexConfig index = config.index();
        if (index != null) {
            root.put("index", ordered("preset", index.preset(), "backend", index.backend(), "mirror", index.mirror()));
        }
        root.put("cache", cache(config.cache()));
        root.put("certificates", EffectiveWatch.certificates(config.certificates()));
        root.put("crls", EffectiveWatch.crls(config.crls()));
        Map<String, Object> alarms = EffectiveWatch.alarms(config.alarms());
        if (!alarms.isEmpty()) {
            root.put("alarms", alarms);
        }
        root.put(
                "refusals",
                ordered(
                        "status-url", config.refusals().statusUrl(),
                        "upload-outage-status", config.refusals().uploadOutageStatus()));
        if (!own.isEmpty()) {
            root.put("routes", own.stream().map(EffectiveConfig::route).toList());
        }
        return root;
    }

    private static Map<String, Object> listener(ListenerConfig listener) {
        ListenerConfig.Tls tls = listener.tls();
        return ordered(
                "address",
                listener.address(),
                "tls",
                tls == null ? null : ordered("certificate", tls.certificate(), "key", tls.key()));
    }

    private static Map<String, Object> cache(CacheConfig cache) {
        CacheConfig.Disk disk = cache.disk();
        return ordered(
                "memory",
                Units.formatSize(cache.memory()),
                "max-entry",
                Units.formatSize(cache.maxEntry()),
                "absence",
                Units.format(cache.absence()),
                "obey-clients",
                cache.obeyClients(),
                "compress",
                cache.compress(),
                "refill",
                cache.refill(),
                "disk",
                disk == null ? null : ordered("path", disk.path(), "size", Units.formatSize(disk.size())));
    }

    private static Map<String, Object> route(RouteConfig route) {
        RouteConfig.Match match = route.match();
        return ordered(
                "name",
                route.name(),
                "match",
                ordered(
                        "host", match.host(),
                        "path", match.path(),
                        "methods", match.methods().isEmpty() ? null : new ArrayList<>(match.methods()),
                        "headers", match.headers().isEmpty() ? null : match.headers(),
                        "query", match.query().isEmpty() ? null : match.query()),
                "api",
                route.api().label(),
                "backend",
                route.backend(),
                "mirror",
                route.mirror(),
                "fallback",
                labels(route.fallback()),
                "deadline",
                duration(route.deadline()),
                "divert-after",
                duration(route.divertAfter()),
                "status-counts",
                route.statusCounts() ? null : Boolean.FALSE,
                "grace",
                Units.format(route.grace()));
    }

    private static List<String> labels(List<Fallback> fallback) {
        return fallback.stream().map(Fallback::label).toList();
    }

    static List<String> texts(List<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    static @Nullable String duration(@Nullable Duration duration) {
        return duration == null ? null : Units.format(duration);
    }

    /** A mapping of key, value, key, value and so on, without the keys whose value is null. */
    static Map<String, Object> ordered(@Nullable Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            Object value = keysAndValues[i + 1];
            if (value != null) {
                boolean text = value instanceof Path || value instanceof HostPort;
                map.put(String.valueOf(keysAndValues[i]), text ? value.toString() : value);
            }
        }
        return map;
    }
}
