package dev.detour.proxy.poison;

import dev.detour.mirror.page.SimpleFormat;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.Header;
import dev.detour.testkit.RequestHead;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An index that says back whatever it was told, obeys every header that any framework obeys, trips over what any server trips
 * over, and lets all of that be kept for ten minutes, errors included. It names in {@code Vary} what it negotiates by.
 */
final class EchoBackend implements AutoCloseable {
    /** What servers take as a line of the request at most; the least that is usual. */
    private static final int LONGEST_TARGET = 4 * 1024;

    private static final int LONGEST_HEADER = 8 * 1024;
    private static final Pattern DOCUMENT = Pattern.compile("/pypi/([^/?]*)/json.*");
    private static final Pattern FORMAT = Pattern.compile("[?&]format=([^&]*)");

    private final FakeBackend backend = FakeBackend.clear();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile @Nullable CountDownLatch gate;

    EchoBackend() {
        backend.answerBy(head -> {
            asked.incrementAndGet();
            return wire -> {
                awaitGate();
                answerTo(head).play(wire);
            };
        });
    }

    FakeBackend backend() {
        return backend;
    }

    /** Requests that ever came. */
    int asked() {
        return asked.get();
    }

    /** Answers nothing until the latch is opened; null for at once. */
    void holdUntil(@Nullable CountDownLatch opened) {
        gate = opened;
    }

    private void awaitGate() {
        CountDownLatch closed = gate;
        try {
            if (closed != null) {
                closed.await();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer answerTo(RequestHead head) {
        String error = errorOf(head);
        if (error != null) {
            return page(Integer.parseInt(error.substring(0, 3)), head, error);
        }
        String body = echo(head);
        if (head.header("if-none-match") != null) {
            return Answer.raw("HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=600\r\nETag: \"e\"\r\n\r\n");
        }
        if (head.header("range") != null) {
            return page(206, head, body, "Content-Range: bytes 0-" + (body.length() - 1) + "/100000");
        }
        Matcher document = DOCUMENT.matcher(head.target());
        if (document.matches() && !document.group(1).equals(document.group(1).toLowerCase(Locale.ROOT))) {
            // as the index does for names that are not normalised
            return page(301, head, body, "Location: " + head.target().toLowerCase(Locale.ROOT));
        }
        return page(200, head, body);
    }

    /** What it cannot or will not do, or null. */
    private static @Nullable String errorOf(RequestHead head) {
        if (!List.of("GET", "HEAD", "OPTIONS", "TRACE").contains(head.method())) {
            return "405 not allowed";
        }
        for (Header header : head.headers()) {
            String name = header.name().replace('_', '-').toLowerCase(Locale.ROOT);
            if (header.value().length() > LONGEST_HEADER) {
                return "431 too large";
            }
            if (header.value().chars().anyMatch(c -> c < ' ' && c != '\t')) {
                return "400 a character that does not belong there";
            }
            if (name.matches("x-(http-)?method(-override)?")) {
                return "405 not allowed: " + header.value();
            }
            if (name.equals("expect") && !header.value().equalsIgnoreCase("100-continue")) {
                return "417 expectation failed";
            }
            if (name.equals("content-type")) {
                return "415 what type is " + header.value();
            }
            if (name.equals("upgrade")) {
                return "426 upgrade";
            }
        }
        if (head.target().length() > LONGEST_TARGET) {
            return "414 too long";
        }
        return head.target().contains("_method=") ? "405 not allowed" : null;
    }

    private static Answer page(int status, RequestHead head, String body, String... headers) {
        boolean simple = head.target().startsWith("/simple/");
        boolean web = head.target().startsWith("/project/");
        String type = head.target().startsWith("/pypi/") ? "application/json" : "text/html";
        if (simple) {
            // a reader that knows of one line only
            type = SimpleFormat.negotiate(head.header("accept"), format(head.target()))
                    .mediaType();
        }
        String[] all = new String[headers.length + 3];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "Cache-Control: max-age=600";
        all[headers.length + 1] = "ETag: \"e\"";
        all[headers.length + 2] = "Vary: Accept, Accept-Encoding" + (web ? ", Accept-Language, Cookie" : "");
        return Answer.status(status, type, body.getBytes(StandardCharsets.UTF_8), all);
    }

    private static @Nullable String format(String target) {
        Matcher format = FORMAT.matcher(target);
        return format.find()
                ? URLDecoder.decode(format.group(1), StandardCharsets.UTF_8).replace(' ', '+')
                : null;
    }

    /** Everything it was told, but for what differs from request to request or is negotiated. */
    private String echo(RequestHead head) {
        TreeSet<String> lines = new TreeSet<>();
        for (Header header : head.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!name.equals("x-request-id") && !name.startsWith("accept")) {
                lines.add(name + ": " + header.value());
            }
        }
        if (head.target().startsWith("/project/")) {
            lines.add("language: " + head.header("accept-language"));
        }
        lines.add("coding: "
                + String.join(",", head.headerValues("accept-encoding")).contains("gzip"));
        return head.method() + ' ' + head.target() + '\n' + String.join("\n", lines) + "\n\n" + bodyOf(head);
    }

    private String bodyOf(RequestHead head) {
        return backend.requests().stream()
                .filter(request -> request.head().equals(head))
                .map(request -> request.bodyText())
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        backend.close();
    }
}
