package dev.detour.app.demo;

import dev.detour.admin.AdminResponse;
import dev.detour.admin.AdminRoute;
import dev.detour.admin.ProblemException;
import dev.detour.app.serve.Server;
import dev.detour.config.ConfigLoader;
import dev.detour.config.InvalidConfigException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * An embedded index, a mirror of it on disk, and Detour in front of both. Everything it writes lies in one directory; the
 * configuration in force lies there too, as {@code demo.yaml}.
 */
public final class RunningDemo implements AutoCloseable {
    /** Changes the index's fault; takes {@code {"fault": LABEL}}. */
    static final String FAULT_PATH = "/demo/fault";

    private final DemoIndex index;
    private final Server server;

    private RunningDemo(DemoIndex index, Server server) {
        this.index = index;
        this.server = server;
    }

    /**
     * Starts index and proxy.
     *
     * @param directory where the mirror tree, state and admin token are kept; created if absent
     * @param port where clients connect on the loopback address, 0 for any
     * @param adminPort where the admin API listens on the loopback address, 0 for any
     * @param accessLines where the access log goes
     * @throws IOException if something cannot be started; the message is one line for the user
     */
    public static RunningDemo start(Path directory, int port, int adminPort, OutputStream accessLines)
            throws IOException {
        Clock clock = Clock.systemUTC();
        DemoPackages packages = new DemoPackages();
        DemoTree.write(packages, directory.resolve("web"), clock);
        DemoIndex.writeAuthority(directory.resolve("ca.pem"));
        DemoIndex index = DemoIndex.https(packages, 0, clock);
        try {
            String yaml = configuration(index.port(), port, adminPort);
            Files.writeString(directory.resolve("demo.yaml"), yaml);
            AdminRoute fault = faultRoute(new FaultSwitch(index::setFault));
            Server server = Server.start(ConfigLoader.load(yaml, directory), accessLines, List.of(fault));
            return new RunningDemo(index, server);
        } catch (InvalidConfigException e) {
            index.close();
            throw new IOException(e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            index.close();
            throw e;
        }
    }

    /** The demo's configuration: a real one, but with limits short enough to watch. */
    private static String configuration(int indexPort, int port, int adminPort) {
        return """
                listeners:
                  - address: 127.0.0.1:%d
                admin: {address: 127.0.0.1:%d, token-file: admin.token}
                state: state
                backends:
                  warehouse:
                    endpoints: [https://127.0.0.1:%d]
                    tls: {trust: ca.pem}
                    timeouts: {connect: 500ms, handshake: 1s, first-byte: 1s, between-bytes: 5s}
                    breaker: {window: 20, minimum-calls: 5, failure-rate: 50%%, slow-call: 800ms, slow-rate: 80%%, open-for: 5s, trial-calls: 1}
                mirrors:
                  local: {tree: web, max-age: 30d}
                index: {preset: pypi, backend: warehouse, mirror: local}
                # what was seen once would come out of the cache for minutes, and nobody would see the mirror
                cache: {memory: 0}
                """.formatted(port, adminPort, indexPort);
    }

    private static AdminRoute faultRoute(FaultSwitch faults) {
        return AdminRoute.put(FAULT_PATH, request -> {
            JsonNode label = request.jsonObject().path("fault");
            try {
                return AdminResponse.json(200, Map.of("message", faults.apply(label.asString(""))));
            } catch (IllegalArgumentException e) {
                throw ProblemException.of(400, String.valueOf(e.getMessage()));
            }
        });
    }

    /** The index behind the proxy. */
    public DemoIndex index() {
        return index;
    }

    /** The proxy in front. */
    public Server server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
        index.close();
    }
}
