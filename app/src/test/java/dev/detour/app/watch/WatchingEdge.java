package dev.detour.app.watch;

import dev.detour.admin.client.AdminClient;
import dev.detour.app.cli.Cli;
import dev.detour.app.serve.Server;
import dev.detour.config.ConfigLoader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** A whole Detour in a folder, asked for what it watches. */
final class WatchingEdge implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final Server server;

    private WatchingEdge(Path folder, Server server) {
        this.folder = folder;
        this.server = server;
    }

    /**
     * Starts one.
     *
     * @param backend how its backend is configured, as a YAML mapping in braces
     * @param rest further top-level keys
     */
    static WatchingEdge start(Path folder, String backend, String rest) throws Exception {
        return start(folder, backend, rest, "");
    }

    /** The same, whose index has a mirror: {@code index} is what follows its backend. */
    static WatchingEdge start(Path folder, String backend, String rest, String index) throws Exception {
        String config = """
                listeners: [{address: "127.0.0.1:0"%s}]
                admin: {address: "127.0.0.1:0"}
                backends: {warehouse: %s}
                index: {backend: warehouse%s}
                %s
                """.formatted(
                Files.exists(folder.resolve("server.crt")) ? ", tls: {certificate: server.crt, key: server.key}" : "",
                backend,
                index,
                rest);
        return new WatchingEdge(
                folder, Server.start(ConfigLoader.load(config, folder), OutputStream.nullOutputStream(), List.of()));
    }

    int port() {
        return server.addresses().get(0).getPort();
    }

    JsonNode get(String path) throws Exception {
        return AdminClient.open(admin(), token()).get(path);
    }

    private URI admin() {
        return URI.create("http://127.0.0.1:" + server.adminAddress().getPort());
    }

    private Path token() {
        return folder.resolve("admin.token");
    }

    /** Asks again and again until the answer is as wanted, or time is up; gives the last answer. */
    JsonNode awaiting(String path, Predicate<JsonNode> wanted) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode answer = get(path);
        while (!wanted.test(answer) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(50_000_000);
            answer = get(path);
        }
        return answer;
    }

    /** Waits until something is found wrong by {@code rule}; gives the text, or what was found instead. */
    String awaitFinding(String path, String rule) throws Exception {
        JsonNode answer = awaiting(path, each -> finding(each, rule) != null);
        JsonNode found = finding(answer, rule);
        return found == null
                ? "not found: " + rule + " in " + answer
                : found.path("text").asString();
    }

    static @org.jspecify.annotations.Nullable JsonNode finding(JsonNode answer, String rule) {
        for (JsonNode finding : answer.path("findings")) {
            if (finding.path("rule").asString().equals(rule)) {
                return finding;
            }
        }
        return null;
    }

    String metrics() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(admin().resolve("/metrics"))
                .header("Authorization", "Bearer " + Files.readString(token()).strip())
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    /** What a command prints that asks this instance, and its exit code on the first line. */
    String command(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = new String[words.length + 4];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--admin";
        all[words.length + 1] = admin().toString();
        all[words.length + 2] = "--token-file";
        all[words.length + 3] = token().toString();
        int exitCode = Cli.printingTo(new PrintWriter(out, true), new PrintWriter(err, true))
                .run(all);
        return "exit code " + exitCode + "\n" + out + err;
    }

    @Override
    public void close() {
        server.close();
    }
}
