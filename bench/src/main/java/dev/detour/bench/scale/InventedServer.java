package dev.detour.bench.scale;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.detour.mirror.page.ProjectName;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An invented index over HTTP, in two editions: below {@code /0/} as it is at first, below {@code /1/} with some projects
 * changed. Pages are made when they are asked for.
 */
final class InventedServer implements AutoCloseable {
    private static final String TYPE = "application/vnd.pypi.simple.v1+json";
    private static final int THREADS = 8;

    static {
        // the JDK's server would wait 40 ms for more to send with each answer
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final InventedIndex index;
    private final int step;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Map<Integer, byte[]> lists = new ConcurrentHashMap<>();

    private record Listed(String project, int number) {}

    /**
     * Serves.
     *
     * @param changed how many projects have another page in the second edition
     */
    InventedServer(InventedIndex index, int changed) throws IOException {
        this.index = index;
        this.step = Math.max(1, index.projects() / Math.max(1, changed));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    URI base(int edition) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + edition + "/");
    }

    private int edition(int number, int edition) {
        return number % step == 0 ? edition : 0;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().split("/", -1);
            int edition = Integer.parseInt(path[1]);
            if (path.length == 4 && path[2].equals("simple")) {
                list(exchange, edition);
            } else if (path.length == 5 && path[2].equals("simple")) {
                // a name ends with its number
                int number = Integer.parseInt(path[3].substring(path[3].lastIndexOf('-') + 1), 36);
                int of = edition(number, edition);
                exchange.getResponseHeaders().set("X-PyPI-Last-Serial", String.valueOf(index.serial(number, of)));
                send(exchange, index.page(number, of));
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private void list(HttpExchange exchange, int edition) throws IOException {
        String tag = "\"list-" + edition + "\"";
        exchange.getResponseHeaders().set("ETag", tag);
        if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        send(exchange, lists.computeIfAbsent(edition, this::makeList));
    }

    private byte[] makeList(int edition) {
        List<Listed> projects = new ArrayList<>();
        for (int i = 0; i < index.projects(); i++) {
            if (index.isListed(i)) {
                projects.add(new Listed(Objects.requireNonNull(ProjectName.normalise(index.name(i))), i));
            }
        }
        projects.sort(Comparator.comparing(Listed::project));
        StringBuilder list = new StringBuilder("{\"meta\":{\"_last-serial\":" + (InventedIndex.HEAD + edition)
                + ",\"api-version\":\"1.4\"},\"projects\":[");
        String separator = "";
        for (Listed project : projects) {
            list.append(separator).append(index.entry(project.number(), edition(project.number(), edition)));
            separator = ",";
        }
        return list.append("]}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", TYPE);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
