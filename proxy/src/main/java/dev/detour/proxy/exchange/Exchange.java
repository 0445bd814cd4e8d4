package dev.detour.proxy.exchange;

import dev.detour.health.failure.Failure;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.proxy.cache.StorePolicy;
import dev.detour.proxy.refuse.Refusal;
import dev.detour.proxy.refuse.RefusalCause;
import dev.detour.proxy.refuse.RefusedRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
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
public final class Exchange implements Asker {
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
    private final RequestBody requestBody;
    private final ClientAnswer answer;
    private final boolean safe;

    private Phase phase = Phase.ASKING;
    private @Nullable Caching caching;
    private @Nullable BackendInquiry inquiry;
    private @Nullable HeldAnswer held;
    private @Nullable ServingOrder elsewhere;
    private @Nullable LocalAnswer localAnswer;
    private @Nullable String asideReason;
    private @Nullable Patience patience;

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
        this.requestBody = new RequestBody(client, request);
        CharSequence requestId = worker.requestIds().idFor(request.headers().get(ForwardHeaders.X_REQUEST_ID));
        this.answer = new ClientAnswer(client, plan, requestId, request, modernClient, worker.nanoTime());
        this.safe = HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
    }

    /** Begins: the operator's mode first, then the backend. */
    public void start() {
        RefusalCause forbidden = plan.forbids(request.method());
        if (forbidden != null) {
            refuse(forbidden);
        } else {
            caching = safe && !requestBody.present() ? Caching.of(this, answer, client, worker, plan, request) : null;
            if (caching == null || !caching.recalls(this::lookAround)) {
                lookAround();
            }
        }
    }

    private void lookAround() {
        if (caching != null && caching.answersNow(answer.requestId())) {
            return;
        }
        if (plan.diverted()) {
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
            Aside.askFirst(this, elsewhere(), worker);
        } else {
            askBackend();
        }
    }

    private boolean waitsForFill() {
        return caching != null && caching.waits();
    }

    private void leaveFill() {
        if (caching != null) {
            caching.leave();
        }
    }

    /** Takes over what a fetch for everybody has asked, because the answer is ours alone; null if nobody waits for it. */
    @Nullable Asker inherit(BackendInquiry asked) {
        if (!undecided()) {
            return null;
        }
        inquiry = asked;
        return this;
    }

    void askBackend() {
        // how long a client takes to send a body is not the backend's doing
        if (patience == null && safe && !requestBody.present()) {
            patience = Patience.begin(this, plan, answer.started(), worker.attemptSweep());
        }
        if (caching != null && caching.waitsForFill(answer.requestId())) {
            return;
        }
        ForwardHeaders.toBackend(
                request.headers(), client, answer.requestId(), plan.backend().host());
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
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

    /** Asks others while the backend may still answer; who is first answers. */
    void askAside(String because) {
        if (undecided() && localAnswer == null) {
            Aside.ask(this, elsewhere(), because);
        }
    }

    /** The time for all attempts together is over. */
    void expire(Failure late) {
        if (undecided()) {
            answer.failed(late);
            dropHeld();
            leaveFill();
            if (inquiry != null) {
                inquiry.expire(late);
            }
            fallBack(late.label(), RefusalCause.OUTAGE);
        }
    }

    /** The last failure of an attempt to ask the backend, or null. */
    @Nullable Failure failure() {
        return answer.failure();
    }

    /** Nothing of an answer was sent, and nobody was given up. */
    boolean undecided() {
        return phase == Phase.ASKING || phase == Phase.HOLDING;
    }

    /** Replaces the backend by what others have: it is left only when that can be sent, and may be faster until then. */
    void replaceBy(MirrorAnswer.Found found, String because) {
        if (undecided() && localAnswer == null) {
            asideReason = because;
            begin(LocalAnswer.of(this, worker, found));
        }
    }

    /** Leaves the backend, which may go on alone, for an answer that is at hand. */
    void leaveBackend(String because) {
        asideReason = because;
        leaveBackend();
    }

    /** Nobody else has an answer: the backend is asked, unless it is being asked. */
    void askBackendAfterAll() {
        if (phase == Phase.ASKING && inquiry == null && !waitsForFill()) {
            askBackend();
        }
    }

    private void leaveBackend() {
        answer.because(asideReason);
        endPatience();
        dropHeld();
        phase = Phase.LOCAL;
        requestBody.drop();
        leaveFill();
        BackendInquiry left = inquiry;
        inquiry = null;
        if (left != null) {
            left.leave();
        }
    }

    // ---- the backend's answer

    @Override
    public void onInterim(HttpResponse head) {
        answer.interim(head);
    }

    @Override
    public void onHead(HttpResponse head) {
        date(head);
        worker.absences().note(plan.route(), request.uri(), head.status().code());
        if (caching != null) {
            StorePolicy.strip(head.headers());
            answer.cacheStatus(caching.passed());
        }
        HeldAnswer holding = HeldAnswer.of(
                head, plan.api(), request.method(), plan.backend().config().holdUpTo());
        if (holding == null) {
            commit(head);
        } else {
            held = holding;
            phase = Phase.HOLDING;
        }
    }

    @Override
    public void onBrokenAnswerToWrite(HttpResponse head, Failure broken) {
        answer.failed(broken);
        date(head);
        stream(head);
    }

    /** RFC 9110 6.6.1. */
    private void date(HttpResponse head) {
        if (!head.headers().contains(HttpHeaderNames.DATE)) {
            head.headers().set(HttpHeaderNames.DATE, HttpDate.of(worker.wallTime()));
        }
    }

    private void commit(HttpResponse head) {
        if (inquiry != null) {
            inquiry.committed();
        }
        stream(head);
    }

    private boolean changesThings() {
        return !safe && !HttpMethod.OPTIONS.equals(request.method()) && !HttpMethod.TRACE.equals(request.method());
    }

    private void stream(HttpResponse head) {
        if (changesThings() && head.status().code() < 400) {
            worker.fills().invalidate(CacheUse.keyOf(plan, request, client.secure()));
        }
        endPatience();
        dropLocalAnswer();
        phase = Phase.STREAMING;
        answer.backendHead(head, requestBody.complete());
    }

    @Override
    public void onAnswerContent(HttpContent content) {
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
        dropLocalAnswer();
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

    @Override
    public void onAnswerReadComplete() {
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

    @Override
    public boolean committed() {
        return phase == Phase.STREAMING;
    }

    @Override
    public void onAttemptFailed(Failure cause) {
        answer.failed(cause);
        dropHeld();
        phase = Phase.ASKING;
    }

    @Override
    public void onNotAsked(String because, RefusalCause otherwise) {
        fallBack(because, otherwise);
    }

    @Override
    public void onBackendFailed(Failure cause, RefusalCause otherwise) {
        answer.failed(cause);
        fallBack(cause.label(), otherwise);
    }

    @Override
    public void onBroken(Failure cause) {
        answer.failed(cause);
        breakTransfer();
    }

    private void breakTransfer() {
        answer.abort();
        client.abort();
        finish();
    }

    /** Something of ours failed: the client must not wait for ever for an answer that nobody works on. */
    @Override
    public void onBug(RuntimeException bug) {
        LOG.error("exchange {} of route {} failed", answer.requestId(), plan.route(), bug);
        if (phase != Phase.DONE) {
            breakTransfer();
        }
    }

    /** Leaves the backend; {@code otherwise} is what the refusal says if no fallback has an answer. */
    private void fallBack(String because, RefusalCause otherwise) {
        answer.because(because);
        if (caching != null && answer.failure() != null) {
            answer.cacheStatus(caching.failed(answer.failure()));
        }
        inquiry = null;
        endPatience();
        dropLocalAnswer();
        phase = Phase.LOCAL;
        requestBody.drop();
        // what still comes of the body is dropped as it arrives
        client.setReading(true);
        elsewhere().begin(otherwise);
    }

    private ServingOrder elsewhere() {
        ServingOrder order = elsewhere;
        if (order == null) {
            order = new ServingOrder(this, worker, plan, request, caching, safe);
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
                plan.api(),
                request.method().name(),
                MirrorInquiry.acceptOf(request.headers()),
                answer.requestId().toString());
        Refusal refusal = snapshot.refusals().refuse(cause, refused, worker.situationOf(plan));
        answer.becauseUnlessKnown(refusal.cause().label());
        begin(LocalAnswer.of(this, refusal, !HttpMethod.HEAD.equals(request.method())));
    }

    /** Answers with what has been found, whoever else may have been asked. */
    void answerWith(LocalAnswer local) {
        endPatience();
        dropLocalAnswer();
        phase = Phase.LOCAL;
        begin(local);
    }

    private void begin(LocalAnswer local) {
        localAnswer = local;
        local.begin();
    }

    // ---- what a local answer does

    void writeLocalHead(Source source, HttpResponse head) {
        if (phase != Phase.LOCAL) {
            leaveBackend();
        }
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

    /** More has come of what is being fetched. */
    void onFillProgress() {
        if (phase == Phase.LOCAL && localAnswer != null) {
            localAnswer.onProgress();
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
        if (phase == Phase.LOCAL) {
            elsewhere().onMirrorSilent();
        } else {
            askBackendAfterAll();
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
            answer.abort();
            finish();
        }
    }

    private void finish() {
        phase = Phase.DONE;
        endPatience();
        dropHeld();
        requestBody.drop();
        if (caching != null) {
            caching.end();
        }
        BackendInquiry current = inquiry;
        inquiry = null;
        if (current != null && answer.aborted()) {
            current.abandon();
        } else if (current != null) {
            current.complete();
        }
        dropLocalAnswer();
        worker.observer().onFinished(answer);
        if (!answer.aborted()) {
            client.onAnswered(answer.persistent());
        }
    }

    private void endPatience() {
        if (patience != null) {
            patience.end();
            patience = null;
        }
    }

    private void dropLocalAnswer() {
        if (localAnswer != null) {
            localAnswer.cancel();
            localAnswer = null;
        }
    }

    private void dropHeld() {
        if (held != null) {
            held.drop();
            held = null;
        }
    }
}
