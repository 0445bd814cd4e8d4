package dev.detour.config;

import dev.detour.config.yaml.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a whole configuration file; what it returns is only good if no problem was found. */
final class ConfigDecoder {
    private static final HostPort BROKEN_ADDRESS = new HostPort("broken", 1);
    private static final String LISTENERS = "a list of at least one listener, each with address";
    private static final String BACKENDS = "a mapping of at least one name to a backend with endpoints";
    private static final String NAME_SERVERS = "a list of at least one IP address such as 10.0.0.2 or 10.0.0.2:53";
    private static final String ROUTES = "a list of routes, each with name, match and backend";
    private static final Notation<Integer> OUTAGE_STATUS = new Notation<>(
            "403 or 503", text -> text.equals("403") || text.equals("503") ? Integer.valueOf(text) : null);

    private final Source source;
    private final Section root;
    private final Map<HostPort, String> addresses = new HashMap<>();

    ConfigDecoder(Source source, Node root) {
        this.source = source;
        this.root = new Section(source, "", "", root);
    }

    DetourConfig decode() {
        List<ListenerConfig> listeners = listeners();
        AdminConfig admin = admin();
        Path state = orBroken(FileCheck.directoryToBe(root, "state", "where the mode is kept across restarts"));
        String zone = root.find("zone", Notation.NAME);
        List<HostPort> nameServers = nameServers();
        Map<String, BackendConfig> backends = backends();
        Section indexed = root.child("index");
        String indexBackend = indexed == null
                ? null
                : RouteDecoder.reference(indexed, "backend", backends.keySet(), "backends", "broken");
        Map<String, MirrorConfig> mirrors = mirrors(new MirrorDecoder(backends, indexBackend));
        IndexConfig index =
                indexed == null || indexBackend == null ? null : index(indexed, indexBackend, mirrors.keySet());
        CacheConfig cache = CacheDecoder.decode(root.childOrEmpty("cache"));
        CertificatesConfig certificates =
                CertificatesDecoder.decode(root.childOrEmpty("certificates"), backends.keySet());
        CrlsConfig crls = CrlsDecoder.decode(root.childOrEmpty("crls"));
        AlarmsConfig alarms = AlarmsDecoder.decode(root.childOrEmpty("alarms"));
        RefusalConfig refusals = refusals();
        List<RouteConfig> routes = routes(backends, mirrors.keySet(), index);
        return new DetourConfig(
                listeners,
                admin,
                state,
                zone,
                nameServers,
                backends,
                mirrors,
                index,
                cache,
                certificates,
                crls,
                alarms,
                refusals,
                routes);
    }

    private List<ListenerConfig> listeners() {
        List<ListenerConfig> listeners = new ArrayList<>();
        for (Section listener : root.sections("listeners", LISTENERS)) {
            listeners.add(new ListenerConfig(address(listener), listenerTls(listener.child("tls"))));
        }
        if (root.isEmpty("listeners")) {
            root.problem("listeners", "an empty list", LISTENERS);
        }
        return listeners;
    }

    private static ListenerConfig.@Nullable Tls listenerTls(@Nullable Section tls) {
        if (tls == null) {
            return null;
        }
        Path certificate = FileCheck.readable(tls, "certificate", "PEM chain of the listener, leaf first");
        Path key = FileCheck.readable(tls, "key", "PEM private key (PKCS#8) of the listener");
        return certificate == null || key == null ? null : new ListenerConfig.Tls(certificate, key);
    }

    private AdminConfig admin() {
        Section admin = root.childOrEmpty("admin");
        return new AdminConfig(
                address(admin), orBroken(FileCheck.fileToBe(admin, "token-file", "the bearer token of the admin API")));
    }

    private HostPort address(Section section) {
        HostPort address = section.get("address", Notation.ADDRESS, BROKEN_ADDRESS);
        boolean counts = address.port() != 0 && !address.equals(BROKEN_ADDRESS);
        String earlier = counts ? addresses.putIfAbsent(address, section.path("address")) : null;
        if (earlier != null) {
            section.problem("address", Problems.quoted(address.toString()), "an address other than that of " + earlier);
        }
        return address;
    }

    private List<HostPort> nameServers() {
        Section dns = root.childOrEmpty("dns");
        List<HostPort> servers = dns.values("servers", NAME_SERVERS, Notation.NAME_SERVER);
        if (dns.isEmpty("servers")) {
            dns.problem("servers", "an empty list", NAME_SERVERS);
        }
        Set<HostPort> seen = new HashSet<>();
        for (HostPort server : servers) {
            if (!seen.add(server)) {
                dns.problem("servers", Problems.quoted(server.toString()) + " twice", "each server once");
            }
        }
        return servers;
    }

    private Map<String, BackendConfig> backends() {
        Map<String, BackendConfig> backends = new LinkedHashMap<>();
        root.named("backends", BACKENDS)
                .forEach((name, section) -> backends.put(name, new BackendDecoder(section).decode(name)));
        if (root.isEmpty("backends")) {
            root.problem("backends", "an empty mapping", BACKENDS);
        }
        return backends;
    }

    private Map<String, MirrorConfig> mirrors(MirrorDecoder decoder) {
        Map<String, MirrorConfig> mirrors = new LinkedHashMap<>();
        root.named("mirrors", "a mapping of name to a mirror with tree, url or store")
                .forEach((name, section) -> mirrors.put(name, decoder.decode(name, section)));
        return mirrors;
    }

    private static IndexConfig index(Section index, String backend, Set<String> mirrors) {
        String presets = "one of the presets: " + String.join(", ", Preset.NAMES);
        String preset = index.get("preset", new Notation<>(presets, text -> Preset.NAMES.contains(text) ? text : null));
        String mirror =
                index.has("mirror") ? RouteDecoder.reference(index, "mirror", mirrors, "mirrors", "broken") : null;
        return new IndexConfig(preset, backend, mirror);
    }

    private RefusalConfig refusals() {
        Section refusals = root.childOrEmpty("refusals");
        return new RefusalConfig(
                refusals.find("status-url", Notation.STATUS_URL), refusals.get("upload-outage-status", OUTAGE_STATUS));
    }

    private List<RouteConfig> routes(
            Map<String, BackendConfig> backends, Set<String> mirrors, @Nullable IndexConfig index) {
        RouteDecoder decoder = RouteDecoder.own(backends, mirrors, index == null ? null : index.mirror());
        Map<String, String> taken = new HashMap<>();
        List<RouteConfig> preset = index == null ? List.of() : Preset.expand(index);
        preset.forEach(route -> taken.put(
                route.name(), "the preset " + Objects.requireNonNull(index).preset()));
        List<RouteConfig> routes = new ArrayList<>();
        for (Section section : root.sections("routes", ROUTES)) {
            RouteConfig route = decoder.decode(section);
            routes.add(route);
            String earlier = section.has("name") ? taken.putIfAbsent(route.name(), section.path()) : null;
            if (earlier != null && !route.name().equals("broken")) {
                section.problem("name", Problems.quoted(route.name()), "a name not taken; " + earlier + " has it");
            }
        }
        if (!root.has("index") && !root.has("routes")) {
            root.missing("index", "index, or at least one route under routes");
        } else if (!root.has("index") && root.isEmpty("routes")) {
            root.problem("routes", "an empty list", "at least one route, or index");
        }
        routes.addAll(preset);
        return routes;
    }

    private Path orBroken(@Nullable Path path) {
        return path == null ? source.directory() : path;
    }
}
