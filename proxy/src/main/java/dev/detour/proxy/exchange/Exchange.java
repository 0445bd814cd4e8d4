package dev.detour.proxy.exchange;

import dev.detour.config.BackendConfig;
import dev.detour.config.Fallback;
import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureClassifier;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorResource;
import dev.detour.proxy.refuse.Refusal;
import dev.detour.proxy.refuse.RefusalCause;
import dev.detour.proxy.refuse.RefusedRequest;
import dev.detour.proxy.route.Route;
import dev.detour.proxy.upstream.Backend;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Exactly one request and its answer. It decides who is asked and in what order (DESIGN: the serving order); handlers tell it
 * what happened, and it tells them what to do.
 *
 * <pre>
 *   ASKING ──head──▶ HOLDING ──complete──▶ STREAMING ──last──▶ DONE
 *     │  │              │                     ▲   │
 *     │  └──head, not held────────────────────┘   └──failure──▶ DONE (transfer broken)
 *     └──failure─────────▶ retry: ASKING, or
 *                          LOCAL (mirror, refusal) ──last──▶ DONE
 * </pre>
 *
 * <p><b>Ownership.</b> The client's connection owns the exchange; the exchange owns at most one {@link Attempt} at a time and
 * every piece of body it has been given and not yet passed on. All of it lives on one event loop.
 *
 * <p><b>Back-pressure.</b> A client that does not read pauses the backend's connection; a backend that does not read pauses
 * the client's. A held body is at most {@code hold-up-to} bytes long.
 *
 * <p><b>Point of no return.</b> Writing the response head. Before it every failure of a GET or HEAD moves on along the
 * serving order; after it a failure breaks the client's transfer, so that nobody takes a part for the whole.
 */
public final class Exchange {
    private enum Phase {
        ASKING,
        HOLDING,
        STREAMING,
        LOCAL,
        DONE
    }

    private final Downstream client;
    private final Worker worker;
    private final Snapshot snapshot;
    private final Plan plan;
    private final HttpRequest request;
    private final CharSequence requestId;
    private final boolean safe;
    private final boolean hasBody;
    private final boolean persistentClient;
    private final boolean modernClient;
    private final long started;

    private Phase phase = Phase.ASKING;
    private @Nullable Attempt attempt;
    private int attemptsLeft;
    private long triedEndpoints;
    private boolean retried;
    private boolean secondLife;
    private boolean live;
    private int nextFallback;

    // the request body
    private @Nullable ArrayDeque<HttpContent> pendingBody;
    private boolean requestComplete;
    private boolean bodyTouched;

    // the answer
    private @Nullable HttpResponse heldHead;
    private @Nullable List<HttpContent> heldBody;
    private @Nullable LocalAnswer localAnswer;
    private boolean persistent;

    // what is told afterwards
    private Source source = Source.REFUSAL;
    private @Nullable Failure failure;
    private @Nullable String reason;
    private int status;
    private long bytesSent;
    private boolean aborted;

    /**
     * An exchange that has not begun.
     *
     * @param request as decoded, in origin form; its headers are changed in place
     * @param modernClient whether the client speaks HTTP/1.1
     */
    public Exchange(
            Downstream client, Worker worker, Snapshot snapshot, Plan plan, HttpRequest request, boolean modernClient) {
        this.client = client;
        this.worker = worker;
        this.snapshot = snapshot;
        this.plan = plan;
        this.request = request;
        this.modernClient = modernClient;
        this.started = worker.nanoTime();
        HttpHeaders headers = request.headers();
        this.requestId = worker.requestIds().idFor(headers.get(ForwardHeaders.X_REQUEST_ID));
        this.safe = HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
        this.hasBody = HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
        this.requestComplete = !hasBody;
        this.persistentClient = HttpUtil.isKeepAlive(request);
        this.attemptsLeft = plan.backend().config().retry().attempts();
    }

    /** Begins: the operator's mode first, then the backend. */
    public void start() {
        ModeRule rule = plan.mode();
        Mode mode = rule == null ? Mode.NORMAL : rule.mode();
        boolean writes = plan.route().writes(request.method());
        if (mode == Mode.OFFLINE) {
            refuse(RefusalCause.OFFLINE);
        } else if (mode == Mode.READ_ONLY && writes) {
            refuse(RefusalCause.READ_ONLY);
        } else if (mode == Mode.DIVERT && writes) {
            refuse(RefusalCause.DIVERTED_WRITE);
        } else {
            ForwardHeaders.toBackend(request.headers(), client, requestId);
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
            if (mode == Mode.DIVERT) {
                fallBack("mode");
            } else {
                enterBackend();
                askBackend(null);
            }
        }
    }

    // ---- asking the backend

    private void enterBackend() {
        live = true;
        worker.budget(plan.backend()).enter();
    }

    /** Asks the next endpoint in turn, or {@code again} the same one over a fresh connection. */
    private void askBackend(@Nullable Attempt again) {
        Backend backend = plan.backend();
        if (!backend.breaker().tryAcquire()) {
            fallBack("breaker_open");
            return;
        }
        phase = Phase.ASKING;
        attemptsLeft--;
        int endpoint = again != null ? again.endpoint() : worker.nextEndpoint(backend, triedEndpoints);
        triedEndpoints |= 1L << endpoint;
        Attempt next = new Attempt(this, worker, backend, endpoint);
        attempt = next;
        // a connection that sat idle may be dead, and a write cannot be repeated to find out
        next.lease(safe && !hasBody && again == null);
    }

    void onConnected(Attempt connected) {
        connected.send(request);
        if (!hasBody) {
            connected.write(LastHttpContent.EMPTY_LAST_CONTENT);
            connected.flush();
            return;
        }
        ArrayDeque<HttpContent> pending = pendingBody;
        pendingBody = null;
        if (pending != null) {
            pending.forEach(content -> passOn(connected, content));
        }
        if (!requestComplete) {
            client.setReading(connected.isWritable());
        }
        connected.flush();
    }

    private void passOn(Attempt connected, HttpContent content) {
        bodyTouched |= content.content().isReadable();
        connected.write(content);
    }

    /** A piece of the request body has arrived; takes ownership. */
    public void onRequestContent(HttpContent content) {
        requestComplete |= content instanceof LastHttpContent;
        Attempt current = attempt;
        if (!hasBody || current == null || phase == Phase.LOCAL || phase == Phase.DONE) {
            content.release();
        } else if (current.connected()) {
            passOn(current, content);
            if (!requestComplete && !current.isWritable()) {
                client.setReading(false);
            }
        } else {
            keepForLater(content);
        }
    }

    private void keepForLater(HttpContent content) {
        if (pendingBody == null) {
            pendingBody = new ArrayDeque<>();
        }
        pendingBody.add(content);
        if (!requestComplete) {
            client.setReading(false);
        }
    }

    /** What the client had sent has been delivered: the moment to flush towards the backend. */
    public void onRequestReadComplete() {
        if (attempt != null) {
            attempt.flush();
        }
    }

    void onBackendWritabilityChanged(boolean writable) {
        if (!requestComplete) {
            client.setReading(writable);
        }
    }

    // ---- the backend's answer

    void onHead(Attempt answering, HttpResponse head) {
        int code = head.status().code();
        if (code < 200) {
            if (modernClient) {
                ForwardHeaders.toClient(head.headers());
                client.write(head);
                client.write(LastHttpContent.EMPTY_LAST_CONTENT);
                client.flush();
            }
            return;
        }
        if (FailureClassifier.brokenStatus(code)) {
            onBrokenStatus(answering, head, Failure.status(code));
            return;
        }
        if (code == 404) {
            worker.absences().heard(plan.route(), request.uri());
        }
        if (shouldHold(head)) {
            heldHead = head;
            phase = Phase.HOLDING;
        } else {
            answering.committed();
            commit(head);
        }
    }

    private void onBrokenStatus(Attempt answering, HttpResponse head, Failure broken) {
        if (safe) {
            answering.reject(broken);
            onAttemptFailed(answering, broken);
        } else {
            // the backend did get this write: its own words are the truth
            failure = broken;
            answering.committedBroken(broken);
            commit(head);
        }
    }

    private boolean shouldHold(HttpResponse head) {
        if (!safe || HttpMethod.HEAD.equals(request.method())) {
            return false;
        }
        long length = HttpUtil.getContentLength(head, -1L);
        return length > 0 && length <= plan.backend().config().holdUpTo();
    }

    private void commit(HttpResponse head) {
        HttpHeaders headers = head.headers();
        ForwardHeaders.toClient(headers);
        frame(head);
        source = Source.BACKEND;
        stamp(headers);
        headers.add(DetourHeaders.CACHE_STATUS, DetourHeaders.NOT_CACHED);
        writeHead(head);
        phase = Phase.STREAMING;
    }

    /** Decides how the client learns where the body ends, for an answer the backend framed. */
    private void frame(HttpResponse head) {
        int code = head.status().code();
        boolean bodiless = HttpMethod.HEAD.equals(request.method()) || code == 204 || code == 304;
        boolean chunked = HttpUtil.isTransferEncodingChunked(head);
        boolean known = head.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
        if (bodiless || (known && !chunked)) {
            return;
        }
        if (modernClient) {
            HttpUtil.setTransferEncodingChunked(head, true);
        } else {
            HttpUtil.setTransferEncodingChunked(head, false);
            endsWithConnection = true;
        }
    }

    private boolean endsWithConnection;

    void onAnswerContent(HttpContent content) {
        if (phase == Phase.HOLDING) {
            hold(content);
        } else if (phase == Phase.STREAMING) {
            writeContent(content);
        } else {
            content.release();
        }
    }

    private void hold(HttpContent content) {
        if (heldBody == null) {
            heldBody = new ArrayList<>(4);
        }
        heldBody.add(content);
        if (content instanceof LastHttpContent) {
            HttpResponse head = heldHead;
            List<HttpContent> body = heldBody;
            heldHead = null;
            heldBody = null;
            Attempt answering = attempt;
            if (head != null && answering != null) {
                answering.committed();
                commit(head);
                for (HttpContent piece : body) {
                    writeContent(piece);
                }
            }
        }
    }

    void onAnswerReadComplete() {
        if (phase == Phase.STREAMING) {
            client.flush();
        }
        if (phase == Phase.STREAMING && attempt != null && !client.isWritable()) {
            attempt.setReading(false);
        }
    }

    /** The client's connection takes more, or no more for now. */
    public void onClientWritabilityChanged(boolean writable) {
        if (phase == Phase.STREAMING && attempt != null) {
            attempt.setReading(writable);
        } else if (phase == Phase.LOCAL && localAnswer != null && writable) {
            localAnswer.onWritable();
        }
    }

    // ---- failures and what follows

    void onDiedOfOldAge(Attempt died, Failure cause) {
        if (safe && !secondLife) {
            secondLife = true;
            attemptsLeft++;
            askBackend(died);
        } else {
            onAttemptFailed(died, cause);
        }
    }

    void onAttemptFailed(Attempt failed, Failure cause) {
        failure = cause;
        if (phase == Phase.STREAMING) {
            breakTransfer();
            return;
        }
        dropHeld();
        BackendConfig config = plan.backend().config();
        int untried = config.endpoints().size() - Long.bitCount(triedEndpoints);
        boolean may = RetryRule.mayAskAnother(safe, failed.sent(), bodyTouched, attemptsLeft, untried);
        if (may && (retried || worker.budget(plan.backend()).tryTake())) {
            retried = true;
            askBackend(null);
        } else {
            fallBack(cause.label());
        }
    }

    private void breakTransfer() {
        aborted = true;
        client.abort();
        finish();
    }

    private void fallBack(String because) {
        reason = because;
        attempt = null;
        phase = Phase.LOCAL;
        releasePending();
        ModeRule rule = plan.mode();
        boolean wished = rule != null && rule.mode() == Mode.DIVERT;
        tryNextFallback(wished ? RefusalCause.DIVERTED_READ : RefusalCause.OUTAGE);
    }

    /** Moves on along the route's fallback list; {@code otherwise} is what the refusal at its end says. */
    private void tryNextFallback(RefusalCause otherwise) {
        List<Fallback> order = plan.route().fallback();
        while (nextFallback < order.size()) {
            Fallback fallback = order.get(nextFallback++);
            if (fallback == Fallback.MIRROR && askMirror()) {
                return;
            }
        }
        refuse(uncertain() ? RefusalCause.OUTCOME_UNKNOWN : otherwise);
    }

    /** Whether a write was sent on and its outcome is unknown: then nobody may claim that nothing happened. */
    private boolean uncertain() {
        return !safe && bodyTouched;
    }

    private boolean askMirror() {
        MirrorResource resource = safe ? plan.route().resource(request.uri()) : null;
        if (plan.mirror() == null || resource == null) {
            return false;
        }
        MirrorInquiry.ask(worker, plan.mirror(), request, resource, this::onMirrorAnswer);
        return true;
    }

    private void onMirrorAnswer(MirrorAnswer answer) {
        if (phase != Phase.LOCAL) {
            return;
        }
        if (answer instanceof MirrorAnswer.Found found) {
            source = Source.MIRROR;
            localAnswer = LocalAnswer.of(this, worker, found);
            localAnswer.begin();
        } else if (answer instanceof MirrorAnswer.Absent) {
            refuse(RefusalCause.ABSENT);
        } else {
            boolean justAbsent = worker.absences().justHeard(plan.route(), request.uri());
            tryNextFallback(justAbsent ? RefusalCause.ABSENT : RefusalCause.UNKNOWN_NAME);
        }
    }

    private void refuse(RefusalCause cause) {
        phase = Phase.LOCAL;
        source = Source.REFUSAL;
        if (reason == null) {
            reason = cause.label();
        }
        boolean withBody = !HttpMethod.HEAD.equals(request.method());
        localAnswer = LocalAnswer.of(this, refusalFor(cause), withBody);
        localAnswer.begin();
    }

    private Refusal refusalFor(RefusalCause cause) {
        RefusedRequest refused = new RefusedRequest(
                plan.route().api(),
                request.method().name(),
                MirrorInquiry.acceptOf(request.headers()),
                requestId.toString());
        return snapshot.refusals().refuse(cause, refused, worker.situationOf(plan));
    }

    // ---- writing to the client

    /** Writes the head of an answer that did not come from the backend. */
    void writeLocalHead(HttpResponse head) {
        stamp(head.headers());
        head.headers().set(HttpHeaderNames.VIA, ForwardHeaders.VIA_VALUE);
        writeHead(head);
    }

    private void stamp(HttpHeaders headers) {
        headers.set(DetourHeaders.SOURCE, source.label());
        headers.set(ForwardHeaders.X_REQUEST_ID, requestId);
        ModeRule rule = plan.mode();
        if (rule != null && rule.mode() != Mode.NORMAL) {
            headers.set(DetourHeaders.MODE, rule.mode().label());
        } else {
            headers.remove(DetourHeaders.MODE);
        }
    }

    private void writeHead(HttpResponse head) {
        status = head.status().code();
        // a request body still on its way would be taken for the next request
        persistent = persistentClient && requestComplete && !endsWithConnection;
        HttpUtil.setKeepAlive(head.headers(), modernClient ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_1_0, persistent);
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
        client.write(head);
    }

    /** Writes a piece of the answer's body; takes ownership. The last one ends the exchange. */
    void writeContent(HttpContent content) {
        bytesSent += content.content().readableBytes();
        boolean last = content instanceof LastHttpContent;
        client.write(content);
        if (last) {
            // the connection is given back below, and then nobody tells us that the burst is over
            client.flush();
            finish();
        }
    }

    boolean clientWritable() {
        return client.isWritable();
    }

    void flushClient() {
        client.flush();
    }

    /** What the mirror promised could not even be begun: nothing was sent, so the order goes on. */
    void onLocalAnswerUnavailable() {
        localAnswer = null;
        tryNextFallback(RefusalCause.UNKNOWN_NAME);
    }

    /** A local answer could not be read to its end. */
    void onLocalFailure() {
        if (phase == Phase.LOCAL) {
            breakTransfer();
        }
    }

    /** The client is gone: nobody wants the answer. */
    public void onClientGone() {
        if (phase != Phase.DONE) {
            aborted = true;
            finish();
        }
    }

    private void finish() {
        if (phase == Phase.DONE) {
            return;
        }
        phase = Phase.DONE;
        dropHeld();
        releasePending();
        Attempt current = attempt;
        attempt = null;
        if (current != null && !aborted) {
            current.complete();
        } else if (current != null) {
            current.abandon();
        }
        if (localAnswer != null) {
            localAnswer.cancel();
        }
        if (live) {
            worker.budget(plan.backend()).leave(retried);
        }
        worker.observer().onFinished(this);
        if (!aborted) {
            client.onAnswered(persistent);
        }
    }

    private void dropHeld() {
        heldHead = null;
        List<HttpContent> body = heldBody;
        heldBody = null;
        if (body != null) {
            body.forEach(HttpContent::release);
        }
    }

    private void releasePending() {
        ArrayDeque<HttpContent> pending = pendingBody;
        pendingBody = null;
        if (pending != null) {
            pending.forEach(HttpContent::release);
        }
    }

    // ---- what observers may ask

    public Route route() {
        return plan.route();
    }

    public Backend backend() {
        return plan.backend();
    }

    public Source source() {
        return source;
    }

    /** Response status, 0 if none was sent. */
    public int status() {
        return status;
    }

    /** Why the backend did not answer: a failure label, {@code breaker_open}, {@code mode} or a refusal's cause; else null. */
    public @Nullable String reason() {
        return reason;
    }

    /** The last failure of an attempt, also if a later one succeeded; else null. */
    public @Nullable Failure failure() {
        return failure;
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

    /** Body bytes written to the client. */
    public long bytesSent() {
        return bytesSent;
    }

    /** Whether the client got less than a whole answer. */
    public boolean aborted() {
        return aborted;
    }

    /** When it began, as {@link System#nanoTime()}. */
    public long started() {
        return started;
    }
}
