package dev.detour.app.demo;

import static io.netty.handler.codec.http.HttpHeaderNames.ACCEPT;
import static io.netty.handler.codec.http.HttpHeaderNames.ACCEPT_RANGES;
import static io.netty.handler.codec.http.HttpHeaderNames.CACHE_CONTROL;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_RANGE;
import static io.netty.handler.codec.http.HttpHeaderNames.IF_RANGE;
import static io.netty.handler.codec.http.HttpHeaderNames.RANGE;
import static io.netty.handler.codec.http.HttpHeaderNames.VARY;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URLEncoder;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a healthy demo index answers to requests that only read: paths, negotiation and headers as Warehouse has them. */
final class DemoRoutes {
    static final String LAST_SERIAL = "X-PyPI-Last-Serial";

    private static final Pattern SIMPLE = Pattern.compile("/simple/([^/]+)(/?)");
    private static final Pattern JSON = Pattern.compile("/pypi/([^/]+)/json/?");
    private static final Pattern JSON_RELEASE = Pattern.compile("/pypi/([^/]+)/([^/]+)/json/?");

    private final DemoPackages packages;

    DemoRoutes(DemoPackages packages) {
        this.packages = packages;
    }

    /** The answer to a request whose body, if it has one, does not matter. */
    DemoAnswer answer(HttpMethod method, String target, HttpHeaders request) {
        String path = new QueryStringDecoder(target).path();
        if (path.equals(DemoWrites.UPLOAD)) {
            return DemoAnswer.methodNotAllowed("POST");
        }
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return DemoAnswer.methodNotAllowed("GET, HEAD");
        }
        return switch (path) {
            case "/" -> home();
            case "/_health/" -> DemoAnswer.text(HttpResponseStatus.OK, "OK");
            case "/simple" -> DemoAnswer.movedPermanently("/simple/");
            case "/simple/" -> simpleIndex(request);
            default -> path.startsWith("/packages/") ? file(path, request) : named(path, request);
        };
    }

    private DemoAnswer named(String path, HttpHeaders request) {
        Matcher simple = SIMPLE.matcher(path);
        if (simple.matches()) {
            return simpleProject(simple.group(1), !simple.group(2).isEmpty(), request);
        }
        Matcher json = JSON.matcher(path);
        if (json.matches()) {
            return jsonApi(packages.project(json.group(1)), Optional.empty(), request);
        }
        Matcher release = JSON_RELEASE.matcher(path);
        if (release.matches()) {
            return jsonApi(packages.project(release.group(1)), Optional.of(release.group(2)), request);
        }
        return DemoAnswer.notFound();
    }

    private DemoAnswer simpleIndex(HttpHeaders request) {
        SimpleForm form = negotiate(request);
        byte[] body = form == SimpleForm.V1_JSON ? DemoPage.indexJson(packages) : DemoPage.indexHtml(packages);
        return simplePage(form, body, packages.lastSerial(), request);
    }

    private DemoAnswer simpleProject(String name, boolean slash, HttpHeaders request) {
        Optional<DemoProject> project = packages.project(name);
        if (project.isEmpty()) {
            return slash ? DemoAnswer.notFound() : DemoAnswer.movedPermanently("/simple/" + encoded(name) + "/");
        }
        String normalized = project.get().normalizedName();
        if (!slash || !name.equals(normalized)) {
            return DemoAnswer.movedPermanently("/simple/" + normalized + "/");
        }
        SimpleForm form = negotiate(request);
        byte[] body =
                form == SimpleForm.V1_JSON ? DemoPage.projectJson(project.get()) : DemoPage.projectHtml(project.get());
        return simplePage(form, body, project.get().serial(), request);
    }

    private static SimpleForm negotiate(HttpHeaders request) {
        return SimpleForm.negotiate(String.join(",", request.getAll(ACCEPT)));
    }

    private static DemoAnswer simplePage(SimpleForm form, byte[] body, long serial, HttpHeaders request) {
        return DemoAnswer.of(HttpResponseStatus.OK, form.contentType(), body)
                .with(CACHE_CONTROL, "max-age=600, public")
                .with(VARY, "Accept")
                .with(LAST_SERIAL, serial)
                .withCors()
                .revalidated(request);
    }

    private static DemoAnswer jsonApi(Optional<DemoProject> project, Optional<String> version, HttpHeaders request) {
        Optional<byte[]> body = project.flatMap(found -> version.isEmpty()
                ? Optional.of(DemoJsonApi.project(found))
                : DemoJsonApi.release(found, version.get()));
        if (project.isEmpty() || body.isEmpty()) {
            return DemoAnswer.of(
                            HttpResponseStatus.NOT_FOUND,
                            "application/json",
                            "{\"message\": \"Not Found\"}".getBytes(UTF_8))
                    .withCors();
        }
        return DemoAnswer.of(HttpResponseStatus.OK, "application/json", body.get())
                .with(CACHE_CONTROL, "max-age=900, public")
                .with(LAST_SERIAL, project.get().serial())
                .withCors()
                .revalidated(request);
    }

    private DemoAnswer file(String path, HttpHeaders request) {
        Optional<byte[]> content = packages.file(path.substring(1));
        if (content.isEmpty()) {
            return DemoAnswer.notFound();
        }
        DemoAnswer whole = DemoAnswer.of(HttpResponseStatus.OK, "application/octet-stream", content.get())
                .with(CACHE_CONTROL, "max-age=365000000, immutable, public")
                .with(ACCEPT_RANGES, "bytes")
                .revalidated(request);
        return whole.status().equals(HttpResponseStatus.OK) ? ranged(whole, request) : whole;
    }

    private static DemoAnswer ranged(DemoAnswer whole, HttpHeaders request) {
        String header = request.get(RANGE, "");
        String condition = request.get(IF_RANGE);
        boolean changed = condition != null && !condition.equals(whole.headers().get("ETag"));
        if (changed || !FileRange.isSingle(header)) {
            return whole;
        }
        int size = whole.body().length;
        FileRange range = FileRange.of(header, size);
        if (!range.satisfiable()) {
            return DemoAnswer.text(
                            HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "416 Requested Range Not Satisfiable")
                    .with(CONTENT_RANGE, "bytes */" + size);
        }
        byte[] part = Arrays.copyOfRange(whole.body(), range.first(), range.end());
        String bounds = "bytes %d-%d/%d".formatted(range.first(), range.end() - 1, size);
        return new DemoAnswer(HttpResponseStatus.PARTIAL_CONTENT, whole.headers(), part).with(CONTENT_RANGE, bounds);
    }

    private DemoAnswer home() {
        StringBuilder links = new StringBuilder();
        packages.projects()
                .forEach(project -> links.append("<li><a href=\"/simple/%s/\">%s</a>: %s</li>\n"
                        .formatted(project.normalizedName(), project.name(), project.summary())));
        return DemoAnswer.html(HttpResponseStatus.OK, """
                <!DOCTYPE html>
                <html lang="en">
                <head><meta charset="utf-8"><title>Demo package index</title></head>
                <body>
                <h1>Demo package index</h1>
                <p>A small index that can be broken on purpose. Its projects:</p>
                <ul>
                %s</ul>
                </body>
                </html>
                """.formatted(links));
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
    }
}
