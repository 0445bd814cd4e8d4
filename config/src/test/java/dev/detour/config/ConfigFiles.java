package dev.detour.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A directory with every file that the configurations of these tests name. */
final class ConfigFiles {
    static final BackendConfig.Outlier OUTLIER = new BackendConfig.Outlier(
            5, 0.3, 20, 5, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMinutes(5), 0.5);
    static final BackendConfig.Balance BALANCE = new BackendConfig.Balance(
            BackendConfig.Policy.LEAST_LOADED, 0.3, Duration.ofSeconds(10), Duration.ofMinutes(10));
    static final BackendConfig.Overload OVERLOAD =
            new BackendConfig.Overload(512, true, 20, 1000, 256, Duration.ofMillis(500), 0, 0);

    /** A configuration with every setting, none of them at its default but the words that allow others. */
    static final String FULL = """
            listeners:
              - address: 0.0.0.0:8080
              - address: "[::1]:8443"
                tls: {certificate: tls/edge.crt, key: tls/edge.key}
            admin: {address: "127.0.0.1:9902", token-file: secret.token}
            state: my-state
            zone: rack-1
            dns: {servers: [10.0.0.2, "10.0.0.3:5353", "[2001:db8::1]:53"]}
            backends:
              warehouse:
                endpoints:
                  - {url: "https://10.0.0.11:8443", weight: 3, priority: 1, zone: rack-2}
                  - https://warehouse.internal
                tls: {trust: ca.pem, certificate: client.crt, key: client.key, server-name: warehouse.internal, revocation: {crls: [ca.crl, issuing.crl], issuers: ca.pem, stale: accept, unknown: refuse, every: 2m}}
                timeouts: {connect: 2s, handshake: 3s, first-byte: 6s, between-bytes: 16s}
                deadline: 20s
                divert-after: 800ms
                probe: {kind: http, path: /_health/, status: [200, "301-302"], body: all well, every: 3s, timeout: 2s, up-after: 4, down-after: 5}
                breaker: {window: 30, minimum-calls: 15, failure-rate: 60%, slow-call: 5s, slow-rate: 90%, open-for: 6s, trial-calls: 4, ramp: 7s}
                outlier: {consecutive: 6, failure-rate: 40%, minimum-calls: 30, slow-factor: 3, interval: 4s, eject-for: 11s, eject-at-most: 6m, max-ejected: 60%}
                balance: {policy: path-hash, panic-below: 40%, slow-start: 12s, drain-margin: 1h}
                overload: {connections: 100, limit: adaptive, minimum: 10, maximum: 500, queue: 64, queue-time: 250ms, json-per-client: 20, json-burst: 40}
                retry: {attempts: 3, budget: 10%}
                hold-up-to: 128KiB
              docs-site:
                endpoints: ["http://[::1]:8000"]
                probe: {kind: tcp}
                breaker: {ramp: 0s}
                balance: {policy: round-robin, slow-start: 0s}
                overload: {limit: 40, queue: 0, json-per-client: 3}
            mirrors:
              local: {tree: web, max-age: 12h}
              far: {url: "https://tree.example.org/pypi", max-age: 13h}
              own:
                store: copy
                max-age: 2h
                min-fidelity: 98.5%
                keep: 7
                files: metadata
                files-limit: 9GiB
                capture: false
                audit: 3d
                sync:
                  from: https://index.example.org/root
                  backend: docs-site
                  every: 10m
                  connections: 8
                  rate: 50
                  documents: all
                  provenance: false
                  brake: {projects: 200, share: 2%}
                  read-all: 14d
              followed: {store: other-copy, follow: {url: "file:///mirror/", key: mirror.pub, every: 30s}}
            index: {preset: pypi, backend: warehouse, mirror: local}
            cache: {memory: 512MiB, disk: {path: copies, size: 8GiB}}
            certificates:
              every: 2m
              probe-every: 10m
              warn: 80%
              critical: 9d
              sources:
                edge: {files: "tls/*.crt", password-file: client.key, served-by: ["127.0.0.1:8443"], warn: 70%, critical: 95%}
                mail: {server: "smtp://mail.example.org:25", trust: ca.pem}
                pki: {vault: {url: "https://vault.example.org:8200", mount: pki/internal, token-file: vault.token, namespace: team, limit: raft}, trust: ca.pem}
            crls:
              every: 20m
              sources:
                own: {file: ca.crl, issuer: ca.pem, limit: consul, lifetime: 30d, live: 5000}
                far: {url: "https://crl.example.org/ca.crl", trust: ca.pem}
              from-certificates: {hosts: [crl.example.org, "*.pki.example.org"], limit: 1MiB}
            alarms:
              instance: edge-1
              receivers:
                ops: {webhook: "https://hooks.example.org/x", token-file: hook.token, trust: ca.pem, least: critical, repeat: 12h}
                am: {alertmanager: "http://127.0.0.1:9093"}
            refusals: {status-url: "https://status.example.org/", upload-outage-status: 503}
            routes:
              - name: docs
                match: {host: Docs.Example.org, path: "/docs/**", methods: [GET, HEAD], headers: {X-Kind: "a*"}, query: {page: 1}}
                api: web
                backend: docs-site
                mirror: local
                fallback: [stale, mirror, refuse]
                deadline: 3s
                divert-after: 400ms
                status-counts: false
            """;

    /** The least configuration there is. */
    static final String LEAST = """
            listeners: [{address: "127.0.0.1:0"}]
            backends: {b: {endpoints: ["http://127.0.0.1:8000"]}}
            index: {backend: b}
            """;

    private ConfigFiles() {}

    static Path in(Path directory) {
        try {
            for (String file : List.of(
                    "ca.pem", "client.crt", "client.key", "tls/edge.crt", "tls/edge.key", "edge.crt", "mirror.pub")) {
                Path path = directory.resolve(file);
                Files.createDirectories(path.getParent());
                Files.writeString(path, "PEM");
            }
            Files.createDirectories(directory.resolve("web/simple"));
            return directory;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
