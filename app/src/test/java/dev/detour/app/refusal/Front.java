package dev.detour.app.refusal;

import dev.detour.admin.client.AdminClient;
import dev.detour.app.demo.DemoIndex;
import dev.detour.app.demo.DemoPackages;
import dev.detour.app.demo.DemoTree;
import dev.detour.app.serve.Server;
import dev.detour.app.support.AccessEntry;
import dev.detour.app.support.AccessLines;
import dev.detour.config.ConfigLoader;
import dev.detour.testkit.TestCertificates;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A whole Detour with one backend, a mirror of the demo packages, a listener with TLS and one without. */
final class Front implements AutoCloseable {
    static final DemoPackages PACKAGES = new DemoPackages();

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String STATUS_PAGE = "https://status.example.org/";

    private final Path directory;
    private final TestCertificates certificates;
    private final Server server;
    private final AccessLines lines;

    private Front(Path directory, TestCertificates certificates, Server server, AccessLines lines) {
        this.directory = directory;
        this.certificates = certificates;
        this.server = server;
        this.lines = lines;
    }

    /** In front of a backend that is reached at {@code backend}; a {@link DemoIndex} or one in clear text. */
    static Front of(String backend, Path directory) throws Exception {
        TestCertificates certificates = TestCertificates.create();
        certificates.server().write(directory);
        certificates.writeCa(directory);
        DemoTree.write(PACKAGES, directory.resolve("web"), Clock.systemUTC());
        DemoIndex.writeAuthority(directory.resolve("demo-ca.pem"));
        AccessLines lines = new AccessLines();
        Server server = Server.start(ConfigLoader.load(configuration(backend), directory), lines, List.of());
        return new Front(directory, certificates, server, lines);
    }

    private static String configuration(String backend) {
        return """
                listeners:
                  - address: 127.0.0.1:0
                    tls: {certificate: server.crt, key: server.key}
                  - address: 127.0.0.1:0
                admin: {address: 127.0.0.1:0, token-file: admin.token}
                state: state
                cache: {memory: 0}
                backends:
                  warehouse:
                    endpoints: ["%s"]%s
                    timeouts: {connect: 2s, handshake: 5s, first-byte: 20s, between-bytes: 20s}
                    breaker: {window: 20, minimum-calls: 4, failure-rate: 50%%, slow-call: 20s, slow-rate: 100%%, open-for: 1h, trial-calls: 1}
                mirrors:
                  local: {tree: web, max-age: 24h}
                index: {preset: pypi, backend: warehouse, mirror: local}
                refusals: {status-url: "%s"}
                """.formatted(
                        backend, backend.startsWith("https") ? "\n    tls: {trust: demo-ca.pem}" : "", STATUS_PAGE);
    }

    /** The root of the listener with TLS, by the name in its certificate. */
    String tls() {
        return "https://localhost:" + tlsPort();
    }

    int tlsPort() {
        return server.addresses().get(0).getPort();
    }

    /** The root of the listener without TLS. */
    String clear() {
        return "http://127.0.0.1:" + clearPort();
    }

    int clearPort() {
        return server.addresses().get(1).getPort();
    }

    /** The authority that clients of {@link #tls} must trust, in PEM. */
    Path authority() {
        return directory.resolve("ca.pem");
    }

    /** The mirror on disk. */
    Path tree() {
        return directory.resolve("web");
    }

    /** A client's context that trusts {@link #authority}. */
    SSLContext clientContext() {
        return certificates.clientContext(null);
    }

    /** Puts a mode in force everywhere, through the admin API. */
    void mode(String mode) throws Exception {
        mode(JSON.createObjectNode().put("mode", mode));
    }

    /** The same, with the operator's own words for the people who are refused. */
    void mode(String mode, String message) throws Exception {
        mode(JSON.createObjectNode().put("mode", mode).put("message", message));
    }

    private void mode(ObjectNode change) throws Exception {
        URI admin = URI.create("http://127.0.0.1:" + server.adminAddress().getPort());
        AdminClient.open(admin, directory.resolve("admin.token")).put("/api/v1/mode", change);
    }

    /** Stops it and gives the access log, which is complete then. */
    List<AccessEntry> closeForLog() {
        close();
        return lines.entries();
    }

    @Override
    public void close() {
        server.close();
    }
}
