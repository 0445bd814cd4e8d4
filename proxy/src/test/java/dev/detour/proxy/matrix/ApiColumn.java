package dev.detour.proxy.matrix;

import dev.detour.config.ApiClass;
import dev.detour.proxy.ProxyDescription;
import dev.detour.testkit.Answer;
import dev.detour.testkit.RawClient;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/** A column of the matrix: one kind of request, and the good answer of a backend to it. */
enum ApiColumn {
    SIMPLE("GET", "/simple/x/", "text/html", true),
    JSON("GET", "/pypi/x/json", "application/json", true),
    FILE("GET", "/packages/x/x-1.0.tar.gz", "application/octet-stream", true),
    UPLOAD("POST", "/legacy/", "text/plain", false),
    XMLRPC("POST", "/pypi", "text/xml", false),
    WEB("GET", "/project/x/", "text/html", false);

    private static final String SENT = "<methodCall><methodName>changelog_last_serial</methodName></methodCall>";

    private final String method;
    private final String target;
    private final String contentType;
    private final boolean mirrored;

    ApiColumn(String method, String target, String contentType, boolean mirrored) {
        this.method = method;
        this.target = target;
        this.contentType = contentType;
        this.mirrored = mirrored;
    }

    /** The heading of the column. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String method() {
        return method;
    }

    String target() {
        return target;
    }

    String contentType() {
        return contentType;
    }

    /** Whether a mirror has such things. */
    boolean mirrored() {
        return mirrored;
    }

    boolean reads() {
        return method.equals("GET");
    }

    /** The body that only a good backend sends. */
    String backendBody() {
        return "from the backend: " + label();
    }

    /** The answer of a good backend. */
    Answer backendAnswer() {
        return Answer.status(200, contentType, backendBody());
    }

    /** The head of a 200 with the right media type, and whatever framing. */
    String head(String framing) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\n" + framing + "\r\n\r\n";
    }

    /** Adds the routes that a proxy does not have by itself. */
    static ProxyDescription addRoutes(ProxyDescription proxy) {
        return proxy.route("json", "/pypi/{project}/json", Set.of("GET", "HEAD"), ApiClass.JSON)
                .route("xmlrpc", "/pypi", Set.of("POST"), ApiClass.XMLRPC)
                .route("web", "/project/{project}/", Set.of("GET", "HEAD"), ApiClass.WEB);
    }

    /** Sends the request; {@code id} is its request id at the backend too. */
    void send(RawClient client, String id) throws IOException {
        if (reads()) {
            client.get(target, "X-Request-Id: " + id);
        } else {
            client.send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: " + id + "\r\nContent-Type: "
                    + contentType + "\r\nContent-Length: " + SENT.length() + "\r\n\r\n" + SENT);
        }
    }
}
