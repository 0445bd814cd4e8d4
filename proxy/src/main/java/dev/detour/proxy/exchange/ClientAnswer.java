package dev.detour.proxy.exchange;

import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.health.failure.Failure;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.cache.CacheStatus;
import dev.detour.proxy.route.Route;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * The answer as the client gets it: our own headers, the framing its HTTP version understands, and whether the connection
 * lives on. It remembers what was sent, and why, for those who count and log.
 */
public final class ClientAnswer {
    private final Downstream client;
    private final Plan plan;
    private final CharSequence requestId;
    private final HttpRequest request;
    private final boolean modernClient;
    private final boolean persistentClient;
    private final long started;

    private Source source = Source.REFUSAL;
    private CharSequence cacheStatus;
    private @Nullable CacheResult cacheResult;
    private boolean endsWithConnection;
    private boolean persistent;
    private int status;
    private long bytesSent;
    private @Nullable Failure failure;
    private @Nullable String reason;
    private boolean aborted;

    /**
     * Nothing sent yet.
     *
     * @param request as the client sent it, before its headers are changed
     * @param modernClient whether the client speaks HTTP/1.1
     * @param started when the exchange began, as {@link System#nanoTime()}
     */
    ClientAnswer(
            Downstream client,
            Plan plan,
            CharSequence requestId,
            HttpRequest request,
            boolean modernClient,
            long started) {
        this.client = client;
        this.plan = plan;
        this.requestId = requestId;
        this.request = request;
        this.started = started;
        boolean cacheable = HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
        this.cacheStatus = cacheable ? DetourHeaders.NOT_CACHED : DetourHeaders.NOT_CACHED_METHOD;
        this.modernClient = modernClient;
        this.persistentClient = HttpUtil.isKeepAlive(request);
    }

    /** Passes an interim (1xx) answer on; an HTTP/1.0 client would take it for the final one (RFC 9110 15.2). */
    void interim(HttpResponse head) {
        if (modernClient) {
            ForwardHeaders.toClient(head.headers());
            client.write(head);
            client.write(LastHttpContent.EMPTY_LAST_CONTENT);
            client.flush();
        }
    }

    /** What the cache made of the request, if the backend answers it ({@code Cache-Status}). */
    void cacheStatus(CharSequence status) {
        cacheStatus = status;
    }

    /** What the cache made of the request. */
    void cacheResult(CacheResult result) {
        cacheResult = result;
    }

    /** What the cache made of the request, or null if it was none of its business. */
    public @Nullable CacheResult cacheResult() {
        return cacheResult;
    }

    /** Writes the head of the backend's answer: the point of no return. */
    void backendHead(HttpResponse head, boolean requestComplete) {
        ofBackend(head, requestComplete);
        client.write(head);
    }

    /** Writes the backend's whole answer, whose body came in one piece: one message instead of two. */
    void backendWhole(HttpResponse head, LastHttpContent body, boolean requestComplete) {
        ofBackend(head, requestComplete);
        bytesSent += body.content().readableBytes();
        client.write(new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, head.status(), body.content(), head.headers(), body.trailingHeaders()));
    }

    private void ofBackend(HttpResponse head, boolean requestComplete) {
        source = Source.BACKEND;
        HttpHeaders headers = head.headers();
        ForwardHeaders.toClient(headers);
        frame(head);
        headers.add(DetourHeaders.CACHE_STATUS, cacheStatus);
        prepare(head, requestComplete);
    }

    /** Writes the head of an answer that did not come from the backend. */
    void localHead(Source from, HttpResponse head, boolean requestComplete) {
        source = from;
        head.headers().add(HttpHeaderNames.VIA, ForwardHeaders.VIA_VALUE);
        if (from == Source.MIRROR || from == Source.REFUSAL) {
            head.headers()
                    .add(DetourHeaders.CACHE_STATUS, failure == null ? CacheStatus.neither(from.label()) : cacheStatus);
        }
        prepare(head, requestComplete);
        client.write(head);
    }

    /** Decides how the client learns where the body ends, for an answer the backend framed. */
    private void frame(HttpResponse head) {
        int code = head.status().code();
        boolean chunked = HttpUtil.isTransferEncodingChunked(head);
        boolean known = head.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
        if (HttpMethod.HEAD.equals(request.method()) || code == 204 || code == 304 || (known && !chunked)) {
            return;
        }
        HttpUtil.setTransferEncodingChunked(head, modernClient);
        endsWithConnection = !modernClient;
    }

    private void prepare(HttpResponse head, boolean requestComplete) {
        HttpHeaders headers = head.headers();
        headers.set(DetourHeaders.SOURCE, source.label());
        headers.set(ForwardHeaders.X_REQUEST_ID, requestId);
        ModeRule rule = plan.mode();
        if (rule != null && rule.mode() != Mode.NORMAL) {
            headers.set(DetourHeaders.MODE, rule.mode().label());
        } else {
            headers.remove(DetourHeaders.MODE);
        }
        status = head.status().code();
        // a request body still on its way would be taken for the next request
        persistent = persistentClient && requestComplete && !endsWithConnection;
        HttpUtil.setKeepAlive(headers, modernClient ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_1_0, persistent);
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
    }

    /** Writes a piece of the body, which the client's connection then owns; returns whether it was the last. */
    boolean content(HttpContent piece) {
        bytesSent += piece.content().readableBytes();
        client.write(piece);
        return piece instanceof LastHttpContent;
    }

    /** An attempt has failed. */
    void failed(Failure cause) {
        failure = cause;
    }

    /** The backend does not answer. */
    void because(@Nullable String why) {
        reason = why;
    }

    void becauseUnlessKnown(String why) {
        if (reason == null) {
            reason = why;
        }
    }

    /** The client gets no more than it has. */
    void abort() {
        aborted = true;
    }

    /** Whether the next request may come over the same connection. */
    boolean persistent() {
        return persistent;
    }

    // ---- what observers may ask

    public Route route() {
        return plan.route();
    }

    public Backend backend() {
        return plan.backend();
    }

    public HttpRequest request() {
        return request;
    }

    public CharSequence requestId() {
        return requestId;
    }

    public String clientAddress() {
        return client.clientAddress();
    }

    /** When the exchange began, as {@link System#nanoTime()}. */
    public long started() {
        return started;
    }

    /** Who answered; {@link Source#REFUSAL} as long as nobody has. */
    public Source source() {
        return source;
    }

    /** Response status, 0 if none was sent. */
    public int status() {
        return status;
    }

    /** Body bytes written to the client. */
    public long bytesSent() {
        return bytesSent;
    }

    /**
     * Why the backend did not answer: a failure label, {@code breaker_open}, {@code overload}, {@code client_rate}, {@code
     * drained}, {@code divert_after}, {@code ramp}, {@code mode} or a refusal's cause; else null.
     */
    public @Nullable String reason() {
        return reason;
    }

    /** The last failure of an attempt, also if a later one succeeded; else null. */
    public @Nullable Failure failure() {
        return failure;
    }

    /** Whether the client got less than a whole answer. */
    public boolean aborted() {
        return aborted;
    }
}
