package dev.detour.mirror.sync;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An index with serials and tags that does what it is told, faults included. */
final class FakeIndex implements AutoCloseable {
    private static final String JSON = "application/vnd.pypi.simple.v1+json";

    static {
        // head and body go out as two packets, of which the second would wait for the first's acknowledgement: 40 ms
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SortedMap<String, Project> projects = new ConcurrentSkipListMap<>();
    private final Map<String, Canned> canned = new ConcurrentHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Set<String> stalled = ConcurrentHashMap.newKeySet();
    final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
    final AtomicLong serial = new AtomicLong(100);
    volatile String apiVersion = "1.4";
    volatile boolean withSerials = true;

    private record Project(long serial, String page, boolean listed) {}

    /** An answer to a path, whatever is asked. */
    record Canned(int status, String contentType, String body, boolean cut) {}

    FakeIndex() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** A project with files of these versions, at a new serial. */
    FakeIndex put(String project, String... versions) {
        return putAs(project, "active", versions);
    }

    FakeIndex putAs(String project, String status, String... versions) {
        long at = serial.incrementAndGet();
        projects.put(project, new Project(at, page(project, status, versions), true));
        return this;
    }

    private String page(String project, String status, String... versions) {
        List<String> files = new ArrayList<>();
        for (String version : versions) {
            String file = project + "-" + version + ".tar.gz";
            files.add("{\"core-metadata\":false,\"data-dist-info-metadata\":false,\"filename\":\"" + file
                    + "\",\"hashes\":{\"sha256\":\"" + "0".repeat(64)
                    + "\"},\"provenance\":null,\"requires-python\":\">=3.8\",\"size\":100,"
                    + "\"upload-time\":\"2026-01-02T03:04:05.678900Z\",\"url\":\"https://files.example.org/packages/00/"
                    + file + "\",\"yanked\":false}");
        }
        String meta = withSerials ? "\"_last-serial\":" + serial.get() + "," : "";
        return "{\"files\":[" + String.join(",", files) + "],\"meta\":{" + meta + "\"api-version\":\"" + apiVersion
                + "\"},\"name\":\"" + project + "\",\"project-status\":{\"status\":\"" + status + "\"},\"versions\":["
                + String.join(
                        ",",
                        List.of(versions).stream().map(v -> "\"" + v + "\"").toList()) + "]}\n";
    }

    /** The page and list entry go back to an earlier serial, as a stale replica has them. */
    void serveStale(String project, long at, String... versions) {
        long now = serial.getAndSet(at);
        Project known = projects.get(project);
        canned.put("/simple/" + project + "/", new Canned(200, JSON, page(project, "active", versions), false));
        serial.set(now);
        if (known == null) {
            throw new IllegalArgumentException(project);
        }
    }

    /** Not in the list any more; its page stays. */
    void unlist(String project) {
        projects.computeIfPresent(project, (name, known) -> new Project(known.serial(), known.page(), false));
        serial.incrementAndGet();
    }

    void remove(String project) {
        projects.remove(project);
        serial.incrementAndGet();
    }

    void answer(String path, int status, String contentType, String body) {
        canned.put(path, new Canned(status, contentType, body, false));
    }

    void cut(String path, String body) {
        canned.put(path, new Canned(200, JSON, body, true));
    }

    /** Never answers. */
    void stall(String path) {
        stalled.add(path);
    }

    void heal(String path) {
        canned.remove(path);
    }

    String list() {
        List<String> entries = new ArrayList<>();
        projects.forEach((name, project) -> {
            if (project.listed()) {
                entries.add("{" + (withSerials ? "\"_last-serial\":" + project.serial() + "," : "") + "\"name\":\""
                        + name + "\"}");
            }
        });
        String meta = withSerials ? "\"_last-serial\":" + serial.get() + "," : "";
        return "{\"meta\":{" + meta + "\"api-version\":\"" + apiVersion + "\"},\"projects\":["
                + String.join(",", entries) + "]}\n";
    }

    @Nullable String pageOf(String project) {
        Project known = projects.get(project);
        return known == null ? null : known.page();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(path);
        if (stalled.contains(path)) {
            awaitEnd();
        }
        try (exchange) {
            Canned told = canned.get(path);
            if (told != null) {
                send(exchange, told);
            } else if (path.equals("/simple/")) {
                send(exchange, new Canned(200, JSON, list(), false));
            } else if (path.startsWith("/simple/")) {
                Project project = projects.get(path.substring("/simple/".length(), path.length() - 1));
                send(
                        exchange,
                        project == null
                                ? new Canned(404, "text/plain", "no", false)
                                : new Canned(200, JSON, project.page(), false));
            } else if (path.startsWith("/pypi/")) {
                String name = path.split("/", -1)[2];
                send(exchange, new Canned(200, "application/json", "{\"info\":{\"name\":\"" + name + "\"}}\n", false));
            } else {
                send(exchange, new Canned(404, "text/plain", "no", false));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, Canned answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        String tag = "\"" + answer.body().hashCode() + "\"";
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        if (answer.status() == 200) {
            exchange.getResponseHeaders().set("ETag", tag);
            if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
        }
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body, 0, answer.cut() ? body.length / 2 : body.length);
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
