package dev.detour.mirror.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.detour.mirror.answer.HttpDate;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A web server over a directory, as plain as the ones people have, that can be told to fail. */
public final class FileServer implements AutoCloseable {
    static {
        // without it each answer waits 40 ms for an acknowledgement
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Path root;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> faults = new ConcurrentHashMap<>();
    private volatile @Nullable Answer every;

    /** What was asked for, and how much of a body was to be sent. */
    public record Request(
            String method,
            String path,
            int status,
            long bytes,
            @Nullable String range) {}

    /** What is answered instead of a file. */
    public interface Answer {
        void send(HttpExchange exchange, byte @Nullable [] file) throws IOException;
    }

    public FileServer(Path root) throws IOException {
        this.root = root;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** The URL of the directory. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** From now on a path is answered so; null for as usual. */
    public void answer(String path, @Nullable Answer answer) {
        if (answer == null) {
            faults.remove(path);
        } else {
            faults.put(path, answer);
        }
    }

    /** From now on everything is answered so; null for as usual. */
    public void answerAll(@Nullable Answer answer) {
        every = answer;
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public void forgetRequests() {
        requests.clear();
    }

    /** A status with a text. */
    public static Answer status(int status, String type, String text) {
        return (exchange, file) -> {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            send(exchange, status, body);
        };
    }

    /** The file, with one bit turned. */
    public static Answer corrupt() {
        return (exchange, file) -> {
            byte[] body = file == null ? new byte[0] : file.clone();
            if (body.length > 0) {
                body[body.length / 2] ^= 1;
            }
            send(exchange, 200, body);
        };
    }

    /** The beginning of the file, after which the connection ends. */
    public static Answer cut(int after) {
        return (exchange, file) -> {
            byte[] body = file == null ? new byte[0] : file;
            exchange.sendResponseHeaders(200, body.length);
            OutputStream out = exchange.getResponseBody();
            out.write(body, 0, Math.min(after, body.length));
            out.flush();
            exchange.close();
        };
    }

    /** Nothing at all, until the server is closed. */
    public static Answer silence() {
        return (exchange, file) -> {
            // the exchange stays open
        };
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring(1);
        Path file = root.resolve(path);
        byte[] content = Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
        Answer fault = faults.getOrDefault(path, every);
        if (fault != null) {
            note(exchange, path, -1, 0);
            fault.send(exchange, content);
            return;
        }
        if (content == null) {
            note(exchange, path, 404, 0);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            send(exchange, 404, "<html><body>404 Not Found</body></html>".getBytes(StandardCharsets.UTF_8));
            return;
        }
        serve(exchange, path, content, Files.getLastModifiedTime(file).toInstant());
    }

    private void serve(HttpExchange exchange, String path, byte[] content, Instant modified) throws IOException {
        String etag = "\"" + Long.toHexString(Arrays.hashCode(content)) + "\"";
        exchange.getResponseHeaders().set("ETag", etag);
        exchange.getResponseHeaders().set("Last-Modified", HttpDate.format(modified));
        if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            note(exchange, path, 304, 0);
            exchange.sendResponseHeaders(304, -1);
            exchange.close();
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range != null && range.matches("bytes=[0-9]+-")) {
            int from = Integer.parseInt(range.substring(6, range.length() - 1));
            byte[] part = Arrays.copyOfRange(content, Math.min(from, content.length), content.length);
            int status = part.length == 0 ? 416 : 206;
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            note(exchange, path, status, part.length);
            send(exchange, status, part);
            return;
        }
        note(exchange, path, 200, content.length);
        send(exchange, 200, content);
    }

    private void note(HttpExchange exchange, String path, int status, long bytes) {
        requests.add(new Request(
                exchange.getRequestMethod(),
                path,
                status,
                bytes,
                exchange.getRequestHeaders().getFirst("Range")));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    /** Paths of the requests of one kind. */
    public List<String> paths(String method) {
        List<String> paths = new ArrayList<>();
        for (Request request : requests) {
            if (request.method().equals(method)) {
                paths.add(request.path());
            }
        }
        return paths;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
