package dev.detour.proxy.exchange;

import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.health.failure.Failure;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.refuse.Refusal;
import dev.detour.proxy.refuse.RefusalCause;
import dev.detour.proxy.refuse.RefusedRequest;
import dev.detour.proxy.route.Route;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exactly one request and its answer. It decides who is asked and in what order; handlers tell it what happened, and it
 * tells them what to do.
 *
 * <pre>
 *   ASKING ──head──▶ HOLDING ──complete──▶ STREAMING ──last──▶ DONE
 *     │  │              │                     ▲   │
 *     │  └──head, not held────────────────────┘   └──failure──▶ DONE (transfer broken)
 *     └──failure, or no time left──────▶ LOCAL (mirror, refusal) ──last──▶ DONE
 * </pre>
 *
 * <p><b>Ownership.</b> The client's connection owns the exchange; the exchange owns the {@link BackendInquiry} as long as it
 * wants the backend's answer, the {@link RequestBody} and the {@link HeldAnswer}. All of it lives on one event loop.
 *
 * <p><b>Back-pressure.</b> A client that does not read pauses the backend's connection; a backend that does not read pauses
 * the client's. Of a body at most {@code hold-up-to} bytes and one piece are held.
 *
 * <p><b>Point of no return.</b> Writing the response head. Before it every failure of a GET or HEAD moves on along the
 * serving order; after it a failure breaks the client's transfer, so that nobody takes a part for the whole.
 */
public final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

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
    private final RequestBody requestBody;
    private final ClientAnswer answer;
    private final boolean safe;
    private final long started;

    private Phase phase = Phase.ASKING;
    private @Nullable BackendInquiry inquiry;
    private @Nullable HeldAnswer held;
    private @Nullable ServingOrder elsewhere;
    private @Nullable LocalAnswer localAnswer;
    private @Nullable Patience patience;

    // what is told afterwards
    private @Nullable Failure failure;
    private @Nullable String reason;
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
        this.started = worker.nanoTime();
        this.requestId = worker.requestIds().idFor(request.headers().get(ForwardHeaders.X_REQUEST_ID));
        this.requestBody = new RequestBody(client, request);
        this.answer = new ClientAnswer(client, plan, requestId, request, modernClient);
        this.safe = HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
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
        } else if (mode == Mode.DIVERT) {
            fallBack("mode", RefusalCause.DIVERTED_READ);
        } else {
            approachBackend();
        }
    }

    // ---- asking the backend

    private void approachBackend() {
        if (BackendInquiry.exceedsRate(plan, client)) {
            fallBack("client_rate", RefusalCause.TOO_MANY_REQUESTS);
        } else if (safe
                && !requestBody.present()
                && worker.returnsLater(plan.backend())
                && elsewhere().hasElsewhere()) {
            // the backend has just come back: its load grows step by step
            elsewhere().askAside(given -> onAside(given, "ramp"));
        } else {
            askBackend();
        }
    }

    private void askBackend() {
        ForwardHeaders.toBackend(
                request.headers(), client, requestId, plan.backend().host());
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
        // how long a client takes to send a body is not the backend's doing
        if (safe && !requestBody.present()) {
            patience = Patience.begin(this, plan, started, worker.attemptSweep());
        }
        BackendInquiry asked = new BackendInquiry(this, worker, plan, request, requestBody, safe);
        inquiry = asked;
        asked.start();
    }

    /** A piece of the request body has arrived; takes ownership. */
    public void onRequestContent(HttpContent content) {
        if (inquiry != null) {
            inquiry.onRequestContent(content);
        } else {
            requestBody.arrivedUnwanted(content);
        }
    }

    /** What the client had sent has been delivered: the moment to flush towards the backend. */
    public void onRequestReadComplete() {
        if (inquiry != null) {
            inquiry.flush();
        }
    }

    /** The backend has not answered for so long that others are asked as well; who is first answers. */
    void askOthersAside() {
        if (phase == Phase.ASKING) {
            elsewhere().askAside(given -> onAside(given, "divert_after"));
        }
    }

    /** The time for all attempts together is over. */
    void expire(Failure late) {
        if (phase == Phase.ASKING || phase == Phase.HOLDING) {
            failure = late;
            dropHeld();
            if (inquiry != null) {
                inquiry.expire(late);
            }
            fallBack(late.label(), RefusalCause.OUTAGE);
        }
    }

    /** What others than the backend have, asked while the backend may still answer. */
    private void onAside(MirrorAnswer given, String because) {
        if (phase != Phase.ASKING) {
            return;
        }
        try {
            if (given instanceof MirrorAnswer.Found found) {
                reason = because;
                leaveBackend();
                answerFrom(found);
            } else if (inquiry == null) {
                askBackend();
            }
        } catch (RuntimeException e) {
            onBug(e);
        }
    }

    private void leaveBackend() {
        endPatience();
        phase = Phase.LOCAL;
        requestBody.drop();
        BackendInquiry left = inquiry;
        inquiry = null;
        if (left != null) {
            left.leave();
        }
    }

    // ---- the backend's answer

    void onInterim(HttpResponse head) {
        answer.interim(head);
    }

    /** A head that can be true. */
    void onHead(HttpResponse head) {
        worker.absences().note(plan.route(), request.uri(), head.status().code());
        HeldAnswer holding = HeldAnswer.of(
                head, plan.api(), request.method(), plan.backend().config().holdUpTo());
        if (holding == null) {
            commit(head);
        } else {
            held = holding;
            phase = Phase.HOLDING;
        }
    }

    /** The backend got a write and its answer says that it is broken: nobody knows better what became of it. */
    void onBrokenAnswerToWrite(HttpResponse head, Failure broken) {
        failure = broken;
        stream(head);
    }

    private void commit(HttpResponse head) {
        if (inquiry != null) {
            inquiry.committed();
        }
        stream(head);
    }

    private void stream(HttpResponse head) {
        endPatience();
        phase = Phase.STREAMING;
        answer.backendHead(head, requestBody.complete());
    }

    void onAnswerContent(HttpContent content) {
        HeldAnswer holding = held;
        if (phase == Phase.STREAMING) {
            writeContent(content);
            pauseUnlessTaken();
        } else if (holding == null) {
            content.release();
        } else if (holding.add(content)) {
            held = null;
            if (holding.lacksBody() && inquiry != null) {
                holding.drop();
                inquiry.rejected(AnswerCheck.empty());
            } else {
                writeHeld(holding);
            }
        }
    }

    private void writeHeld(HeldAnswer enough) {
        if (inquiry != null) {
            inquiry.committed();
        }
        LastHttpContent whole = enough.releaseWhole();
        if (whole == null) {
            stream(enough.head());
            enough.release(this::writeContent);
            pauseUnlessTaken();
            return;
        }
        phase = Phase.STREAMING;
        answer.backendWhole(enough.head(), whole, requestBody.complete());
        client.flush();
        finish();
    }

    /** Lets the client's socket take what is queued, and reads no more from the backend if it does not take it. */
    private void pauseUnlessTaken() {
        if (phase == Phase.STREAMING && !client.isWritable()) {
            client.flush();
            if (inquiry != null && !client.isWritable()) {
                inquiry.setReading(false);
            }
        }
    }

    void onAnswerReadComplete() {
        if (phase == Phase.STREAMING) {
            client.flush();
        }
    }

    /** The client's connection takes more, or no more for now. */
    public void onClientWritabilityChanged(boolean writable) {
        if (phase == Phase.STREAMING && inquiry != null) {
            inquiry.setReading(writable);
        } else if (phase == Phase.LOCAL && localAnswer != null && writable) {
            localAnswer.onWritable();
        }
    }

    // ---- failures and what follows

    /** Whether the client has got a part of the answer. */
    boolean committed() {
        return phase == Phase.STREAMING;
    }

    /** An attempt has failed; another may follow. */
    void onAttemptFailed(Failure cause) {
        failure = cause;
        dropHeld();
        phase = Phase.ASKING;
    }

    /** The backend was not asked. */
    void onNotAsked(String because, RefusalCause otherwise) {
        fallBack(because, otherwise);
    }

    /** Everyone that may be asked at the backend has failed. */
    void onBackendFailed(Failure cause, RefusalCause otherwise) {
        failure = cause;
        fallBack(cause.label(), otherwise);
    }

    /** The answer broke after a part of it was sent. */
    void onBroken(Failure cause) {
        failure = cause;
        breakTransfer();
    }

    private void breakTransfer() {
        aborted = true;
        client.abort();
        finish();
    }

    /** Something of ours failed: the client must not wait for ever for an answer that nobody works on. */
    void onBug(RuntimeException bug) {
        LOG.error("exchange {} of route {} failed", requestId, plan.route(), bug);
        if (phase != Phase.DONE) {
            breakTransfer();
        }
    }

    /** Leaves the backend; {@code otherwise} is what the refusal says if no fallback has an answer. */
    private void fallBack(String because, RefusalCause otherwise) {
        reason = because;
        inquiry = null;
        endPatience();
        phase = Phase.LOCAL;
        requestBody.drop();
        // what still comes of the body is dropped as it arrives
        client.setReading(true);
        elsewhere().begin(otherwise);
    }

    private ServingOrder elsewhere() {
        ServingOrder order = elsewhere;
        if (order == null) {
            order = new ServingOrder(this, worker, plan, request, safe);
            elsewhere = order;
        }
        return order;
    }

    /** Whether the backend has been given up and nobody else has begun to answer. */
    boolean looksElsewhere() {
        return phase == Phase.LOCAL && localAnswer == null;
    }

    void answerFrom(MirrorAnswer.Found found) {
        begin(LocalAnswer.of(this, worker, found));
    }

    void refuse(RefusalCause cause) {
        phase = Phase.LOCAL;
        RefusedRequest refused = new RefusedRequest(
                plan.api(), request.method().name(), MirrorInquiry.acceptOf(request.headers()), requestId.toString());
        Refusal refusal = snapshot.refusals().refuse(cause, refused, worker.situationOf(plan));
        if (reason == null) {
            reason = refusal.cause().label();
        }
        begin(LocalAnswer.of(this, refusal, !HttpMethod.HEAD.equals(request.method())));
    }

    private void begin(LocalAnswer local) {
        localAnswer = local;
        local.begin();
    }

    // ---- what a local answer does

    void writeLocalHead(Source source, HttpResponse head) {
        answer.localHead(source, head, requestBody.complete());
    }

    /** Writes a piece of the answer's body; takes ownership. The last one ends the exchange. */
    void writeContent(HttpContent content) {
        if (answer.content(content)) {
            // the backend's connection is given back below, and then nobody tells us that its burst is over
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
        if (phase == Phase.LOCAL) {
            localAnswer = null;
            elsewhere().onMirrorSilent();
        }
    }

    /** A local answer could not be read to its end. */
    void onLocalFailure() {
        if (phase == Phase.LOCAL) {
            breakTransfer();
        }
    }

    // ---- the end

    /** The client is gone: nobody wants the answer. */
    public void onClientGone() {
        if (phase != Phase.DONE) {
            aborted = true;
            finish();
        }
    }

    private void finish() {
        phase = Phase.DONE;
        endPatience();
        dropHeld();
        requestBody.drop();
        BackendInquiry current = inquiry;
        inquiry = null;
        if (current != null && aborted) {
            current.abandon();
        } else if (current != null) {
            current.complete();
        }
        if (localAnswer != null) {
            localAnswer.cancel();
        }
        worker.observer().onFinished(this);
        if (!aborted) {
            client.onAnswered(answer.persistent());
        }
    }

    private void endPatience() {
        if (patience != null) {
            patience.end();
            patience = null;
        }
    }

    private void dropHeld() {
        if (held != null) {
            held.drop();
            held = null;
        }
    }

    // ---- what observers may ask

    public Route route() {
        return plan.route();
    }

    public Backend backend() {
        return plan.backend();
    }

    /** Who answered. */
    public Source source() {
        return answer.source();
    }

    /** Response status, 0 if none was sent. */
    public int status() {
        return answer.status();
    }

    /** Body bytes written to the client. */
    public long bytesSent() {
        return answer.bytesSent();
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

    public HttpRequest request() {
        return request;
    }

    public CharSequence requestId() {
        return requestId;
    }

    public String clientAddress() {
        return client.clientAddress();
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
