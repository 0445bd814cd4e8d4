package dev.detour.proxy.exchange;

import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.capture.CaptureSink;
import dev.detour.mirror.capture.CapturedAnswer;
import dev.detour.proxy.cache.StorePolicy;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a backend on its way into a {@link CaptureSink}: a copy that grows beside what is sent on, and is worth
 * something only once it is complete. Whoever waits for the answer never waits for the copy: what has no room is dropped.
 *
 * <p>Copied are answers that everybody would have got (no credentials in the request, nothing personal in the answer), with
 * status 200, in JSON, whose end can be told from a connection that broke.
 */
final class CaptureTap {
    private static final int LARGEST = 16 << 20;
    private static final int FIRST_ROOM = 64 * 1024;
    private static final AsciiString JSON = AsciiString.cached("json");
    private static final AsciiString HTML = AsciiString.cached("text/html");
    private static final AsciiString SIMPLE_HTML = AsciiString.cached("application/vnd.pypi.simple.v1+html");
    private static final AsciiString LAST_SERIAL = AsciiString.cached("x-pypi-last-serial");
    private static final String FORMAT = "format=";
    private static final byte[] NOTHING = {};

    private final Worker worker;
    private final CaptureSink sink;
    private final MirrorResource resource;
    private final String contentType;
    private final @Nullable String contentEncoding;
    private final @Nullable String etag;
    private final @Nullable String lastSerial;
    /** Of the body, or -1 if it is not known. */
    private final int announced;

    private byte[] copy = NOTHING;
    private int length;
    private boolean dropped;

    private CaptureTap(
            Worker worker,
            CaptureSink sink,
            MirrorResource resource,
            String contentType,
            HttpHeaders answered,
            int announced) {
        this.worker = worker;
        this.sink = sink;
        this.resource = resource;
        this.contentType = contentType;
        this.contentEncoding = joined(answered.getAll(HttpHeaderNames.CONTENT_ENCODING));
        this.etag = answered.get(HttpHeaderNames.ETAG);
        this.lastSerial = answered.get(LAST_SERIAL);
        this.announced = announced;
    }

    /**
     * A copy that has not begun, or null if this answer is not to be copied.
     *
     * @param request as the backend got it; without a body
     */
    static @Nullable CaptureTap of(
            Worker worker, Plan plan, CaptureSink sink, HttpRequest request, HttpResponse answered) {
        try {
            return mayBeCopied(request, answered) ? wanted(worker, plan, sink, request, answered) : null;
        } catch (RuntimeException e) {
            worker.captureRoom().report(e);
            return null;
        }
    }

    private static boolean mayBeCopied(HttpRequest request, HttpResponse answered) {
        HttpHeaders asked = request.headers();
        return answered.status().code() == 200
                && HttpMethod.GET.equals(request.method())
                && !asked.contains(HttpHeaderNames.AUTHORIZATION)
                && !asked.contains(HttpHeaderNames.COOKIE)
                && !asked.contains(HttpHeaderNames.RANGE)
                && hasPlainQuery(request.uri())
                && isFirstHand(answered.headers())
                && StorePolicy.isForEverybody(answered.headers());
    }

    /** None, or one that only says which form of the page is wanted. */
    private static boolean hasPlainQuery(String target) {
        int query = target.indexOf('?');
        return query < 0 || (target.startsWith(FORMAT, query + 1) && target.indexOf('&', query) < 0);
    }

    /** Another Detour may answer for the backend from its own mirror, or with what it had kept. */
    private static boolean isFirstHand(HttpHeaders answered) {
        String source = answered.get(DetourHeaders.SOURCE);
        return source == null || source.equals(Source.BACKEND.label()) || source.equals(Source.CACHE.label());
    }

    private static @Nullable CaptureTap wanted(
            Worker worker, Plan plan, CaptureSink sink, HttpRequest request, HttpResponse answered) {
        String type = answered.headers().get(HttpHeaderNames.CONTENT_TYPE);
        MirrorResource resource = type == null ? null : ofPages(plan.route().resource(request.uri()));
        if (resource == null || type == null) {
            return null;
        }
        if (isHtml(type)) {
            if (resource instanceof MirrorResource.SimpleProject project) {
                sink.wanted(project);
            }
            return null;
        }
        int announced = announced(answered);
        boolean copied = AsciiString.containsIgnoreCase(type, JSON)
                && announced <= LARGEST
                && endIsCertain(answered, announced)
                && sink.takes(resource);
        return copied ? new CaptureTap(worker, sink, resource, type, answered.headers(), announced) : null;
    }

    private static @Nullable MirrorResource ofPages(@Nullable MirrorResource resource) {
        return resource instanceof MirrorResource.SimpleIndex || resource instanceof MirrorResource.File
                ? null
                : resource;
    }

    private static boolean isHtml(String type) {
        return startsWith(type, HTML) || startsWith(type, SIMPLE_HTML);
    }

    private static boolean startsWith(String type, AsciiString beginning) {
        return AsciiString.regionMatches(type, true, 0, beginning, 0, beginning.length());
    }

    private static int announced(HttpResponse answered) {
        return (int) Math.min(Integer.MAX_VALUE, HttpUtil.getContentLength(answered, -1L));
    }

    /** A body that ends with its connection looks the same whether it is whole or not (RFC 9112 8). */
    private static boolean endIsCertain(HttpResponse answered, int announced) {
        List<String> codings = answered.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.isEmpty()
                ? announced > 0
                : codings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0));
    }

    private static @Nullable String joined(List<String> lines) {
        return lines.isEmpty() ? null : String.join(", ", lines);
    }

    /** Copies a piece of the body, which stays the caller's. */
    void add(ByteBuf piece) {
        int more = piece.readableBytes();
        if (dropped || more == 0) {
            return;
        }
        if (more > LARGEST - length || !hasRoom(length + more)) {
            drop();
            return;
        }
        piece.getBytes(piece.readerIndex(), copy, length, more);
        length += more;
    }

    private boolean hasRoom(int needed) {
        if (needed <= copy.length) {
            return true;
        }
        int doubled = Math.max(needed, Math.max(FIRST_ROOM, 2 * copy.length));
        int larger = Math.min(doubled, announced >= needed ? announced : LARGEST);
        if (!worker.captureRoom().take(larger - copy.length)) {
            return false;
        }
        copy = Arrays.copyOf(copy, larger);
        return true;
    }

    /** The answer has come to its end. */
    void complete() {
        if (dropped || length == 0) {
            drop();
            return;
        }
        ByteBuffer body = ByteBuffer.wrap(copy, 0, length);
        drop();
        try {
            sink.offer(new CapturedAnswer(
                    resource, contentType, contentEncoding, etag, lastSerial, body, worker.wallTime()));
        } catch (RuntimeException e) {
            worker.captureRoom().report(e);
        }
    }

    /** Forgets what was copied, and takes no more. */
    void drop() {
        dropped = true;
        worker.captureRoom().giveBack(copy.length);
        copy = NOTHING;
    }
}
