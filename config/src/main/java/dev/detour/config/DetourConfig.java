package dev.detour.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One whole configuration file, with defaults filled in and every path absolute.
 *
 * @param listeners where clients connect; never empty
 * @param admin the operator's own listener
 * @param state directory that survives a restart (the operator's mode)
 * @param zone where this instance is, or null if nobody said
 * @param nameServers asked for the addresses of endpoints; empty for the system's
 * @param backends by name, in file order
 * @param mirrors by name, in file order
 * @param index the index preset, or null when only own routes are used
 * @param cache the response cache
 * @param certificates which certificates are watched
 * @param crls which revocation lists are watched
 * @param alarms who is told what is wrong with them
 * @param refusals what clients are told when nobody can answer them
 * @param routes in matching order: the operator's own in file order, then those of the index preset
 */
public record DetourConfig(
        List<ListenerConfig> listeners,
        AdminConfig admin,
        Path state,
        @Nullable String zone,
        List<HostPort> nameServers,
        Map<String, BackendConfig> backends,
        Map<String, MirrorConfig> mirrors,
        @Nullable IndexConfig index,
        CacheConfig cache,
        CertificatesConfig certificates,
        CrlsConfig crls,
        AlarmsConfig alarms,
        RefusalConfig refusals,
        List<RouteConfig> routes) {

    public DetourConfig {
        listeners = List.copyOf(listeners);
        nameServers = List.copyOf(nameServers);
        backends = Collections.unmodifiableMap(new LinkedHashMap<>(backends));
        mirrors = Collections.unmodifiableMap(new LinkedHashMap<>(mirrors));
        routes = List.copyOf(routes);
    }
}
