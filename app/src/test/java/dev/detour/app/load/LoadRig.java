package dev.detour.app.load;

import dev.detour.app.serve.Server;
import dev.detour.config.ConfigLoader;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import dev.detour.testkit.load.LoadClient;
import dev.detour.testkit.load.LoadIndex;
import dev.detour.testkit.load.LoadRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Detour as {@code serve} runs it, three endpoints behind it that break as told, and a mirror beside. */
final class LoadRig implements AutoCloseable {
    /** Requests a second in all these tests. */
    static final int RATE = 500;

    private static final int ENDPOINTS = 3;

    private final Path directory;
    private final TreePages pages;
    private final List<LoadIndex> endpoints = new ArrayList<>();
    private final Server server;

    private LoadRig(Path directory, Function<TreePages, LoadIndex> endpoint, String settings) throws Exception {
        this.directory = directory;
        this.pages = TreePages.write(directory.resolve("web"));
        try {
            for (int i = 0; i < ENDPOINTS; i++) {
                endpoints.add(endpoint.apply(pages));
            }
            server = Server.start(
                    ConfigLoader.load(configuration(settings), directory), OutputStream.nullOutputStream(), List.of());
        } catch (Exception e) {
            endpoints.forEach(LoadIndex::close);
            throw e;
        }
    }

    /**
     * Starts everything, healthy.
     *
     * @param directory for the mirror, the token and the state
     * @param settings of the backend beside its endpoints: lines of YAML, not indented
     */
    static LoadRig start(Path directory, String settings) throws Exception {
        return new LoadRig(directory, LoadIndex::clear, settings);
    }

    /** The same with other endpoints than those in clear. */
    static LoadRig start(Path directory, Function<TreePages, LoadIndex> endpoint, String settings) throws Exception {
        return new LoadRig(directory, endpoint, settings);
    }

    private String configuration(String settings) {
        String urls = endpoints.stream().map(LoadIndex::url).collect(Collectors.joining(", "));
        return """
                listeners: [{address: 127.0.0.1:0}]
                admin: {address: 127.0.0.1:0, token-file: admin.token}
                state: state
                cache: {memory: 0}
                backends:
                  warehouse:
                    endpoints: [%s]
                %s
                mirrors:
                  local: {tree: web, max-age: 30d}
                index: {preset: pypi, backend: warehouse, mirror: local}
                """.formatted(urls, settings.strip().indent(4).stripTrailing());
    }

    /** Has clients ask at {@link #RATE}. */
    LoadClient load(int connections, List<LoadRequest> requests) {
        return LoadClient.start(server.addresses().get(0).getPort(), connections, RATE, requests);
    }

    TreePages pages() {
        return pages;
    }

    LoadIndex endpoint(int number) {
        return endpoints.get(number);
    }

    List<LoadIndex> endpoints() {
        return endpoints;
    }

    /** Requests that came to any endpoint. */
    long heads() {
        return endpoints.stream().mapToLong(each -> each.heads().total()).sum();
    }

    /** Requests that came to any endpoint between two moments, as {@link System#nanoTime()}. */
    long heads(long fromNanos, long untilNanos) {
        return endpoints.stream()
                .mapToLong(each -> each.heads().between(fromNanos, untilNanos))
                .sum();
    }

    /** What the instance says about itself. */
    Metrics metrics() throws IOException {
        String token = Files.readString(directory.resolve("admin.token")).strip();
        try (RawClient client = RawClient.clear(server.adminAddress().getPort())) {
            RawResponse answer =
                    client.get("/metrics", "Authorization: Bearer " + token).read();
            if (answer.status() != 200) {
                throw new IOException("/metrics: " + answer + " (expected: 200)");
            }
            return new Metrics(new String(answer.body(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        server.close();
        endpoints.forEach(LoadIndex::close);
    }
}
