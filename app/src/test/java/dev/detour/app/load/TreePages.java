package dev.detour.app.load;

import dev.detour.app.demo.DemoPackages;
import dev.detour.app.demo.DemoTree;
import dev.detour.testkit.load.LoadPage;
import dev.detour.testkit.load.LoadRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

/** The demo packages twice: on disk as a mirror, and in memory as the pages of the index. Both are the same bytes. */
final class TreePages implements Function<HttpRequest, LoadPage> {
    private static final String SIMPLE_HTML = "application/vnd.pypi.simple.v1+html";
    private static final String SIMPLE_JSON = "application/vnd.pypi.simple.v1+json";

    /** Larger than {@code hold-up-to}: its answer is sent on before it is whole. */
    private static final int LARGE = 200_000;

    private final Map<String, LoadPage> pages = new HashMap<>();
    private final List<LoadRequest> requests = new ArrayList<>();

    private TreePages() {}

    /**
     * Writes the mirror.
     *
     * @param web its root, made if absent
     */
    static TreePages write(Path web) throws IOException {
        DemoTree.write(new DemoPackages(), web, Clock.systemUTC());
        Path large = web.resolve("packages/00/00/large-1.0-py3-none-any.whl");
        Files.createDirectories(large.getParent());
        byte[] content = new byte[LARGE];
        new Random(1).nextBytes(content);
        Files.write(large, content);
        TreePages pages = new TreePages();
        try (Stream<Path> all = Files.walk(web)) {
            for (Path file : all.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(Path::toString))
                    .toList()) {
                pages.add("/" + web.relativize(file), Files.readAllBytes(file));
            }
        }
        return pages;
    }

    private void add(String path, byte[] body) {
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        if (path.endsWith("/index.html")) {
            add(folder, "text/html", body);
        } else if (path.endsWith("/index.v1_html")) {
            add(folder, SIMPLE_HTML, body);
        } else if (path.endsWith("/index.v1_json")) {
            add(folder, SIMPLE_JSON, body);
        } else if (path.startsWith("/pypi/")) {
            add(path, "application/json", body);
        } else if (path.startsWith("/packages/")) {
            add(path, "application/octet-stream", body);
        }
    }

    private void add(String path, String contentType, byte[] body) {
        pages.put(key(path, contentType), new LoadPage(contentType, body));
        requests.add(new LoadRequest(path, contentType, body, body.length >= LARGE));
    }

    /** Everything there is, the large file included. */
    List<LoadRequest> everything() {
        return List.copyOf(requests);
    }

    /** Everything that fits into {@code hold-up-to}, so that no fault may be seen in it. */
    List<LoadRequest> small() {
        return requests.stream().filter(request -> !request.mayBreak()).toList();
    }

    /** Pages of the Simple API and documents of the JSON API. */
    List<LoadRequest> simpleAndJson() {
        return requests.stream()
                .filter(request -> !request.path().startsWith("/packages/"))
                .toList();
    }

    @Override
    public LoadPage apply(HttpRequest request) {
        String key = key(request.uri(), String.valueOf(request.headers().get(HttpHeaderNames.ACCEPT)));
        LoadPage page = pages.get(key);
        if (page == null) {
            throw new IllegalStateException(key + " (expected: one of " + pages.keySet() + ")");
        }
        return page;
    }

    private static String key(String path, String contentType) {
        return contentType + " " + path;
    }
}
