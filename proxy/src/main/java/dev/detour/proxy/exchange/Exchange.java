package dev.detour.proxy.exchange;

import dev.detour.config.BackendConfig;
import dev.detour.config.Fallback;
import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.health.breaker.Permit;
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
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
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
 *     └──failure─────────▶ retry: ASKING, or
 *                          LOCAL (mirror, refusal) ──last──▶ DONE
 * </pre>
 *
 * <p><b>Ownership.</b> The client's connection owns the exchange; the exchange owns at most one {@link Attempt} at a time, the
 * {@link RequestBody} and the {@link HeldAnswer}. All of it lives on one event loop.
 *
 * <p><b>Back-pressure.</b> A client that does not read pauses the backend's connection; a backend that does not read pauses
 * the client's. A held body is at most {@code hold-up-to} bytes long.
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
    private @Nullable Attempt attempt;
    private @Nullable HeldAnswer held;
    private @Nullable LocalAnswer localAnswer;
    private int attemptsLeft;
    private long triedEndpoints;
    private boolean countedAsLive;
    private boolean retried;
    private boolean secondLife;
    private int nextFallback;

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
        } else if (mode == Mode.DIVERT) {
            fallBack("mode", RefusalCause.DIVERTED_READ);
        } else {
            ForwardHeaders.toBackend(request.headers(), client, requestId);
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
            countedAsLive = true;
            worker.budget(plan.backend()).enter();
            askBackend(null);
        }
    }

    // ---- asking the backend

    /** Asks the next endpoint in turn, or that of {@code again} over a fresh connection. */
    private void askBackend(@Nullable Attempt again) {
        Backend backend = plan.backend();
        Permit permit = backend.breaker().acquire();
        if (!permit.granted()) {
            fallBack("breaker_open", RefusalCause.OUTAGE);
            return;
        }
        phase = Phase.ASKING;
        attemptsLeft--;
        int endpoint = again != null ? again.endpoint() : worker.nextEndpoint(backend, triedEndpoints);
        triedEndpoints |= 1L << endpoint;
        Attempt next = new Attempt(this, worker, backend, endpoint, permit);
        attempt = next;
        // a connection that sat idle may be dead, and a write cannot be repeated to find out
        next.lease(safe && !requestBody.present() && again == null);
    }

    void onConnected(Attempt connected) {
        connected.send(request, requestBody.present());
        requestBody.sendTo(connected);
        connected.flush();
    }

    /** A piece of the request body has arrived; takes ownership. */
    public void onRequestContent(HttpContent content) {
        requestBody.arrived(content, attempt);
    }

    /** What the client had sent has been delivered: the moment to flush towards the backend. */
    public void onRequestReadComplete() {
        if (attempt != null && requestBody.present()) {
            attempt.flush();
        }
    }

    void onBackendWritabilityChanged(boolean writable) {
        requestBody.onWritabilityChanged(writable);
    }

    // ---- the backend's answer

    void onHead(Attempt answering, HttpResponse head) {
        int code = head.status().code();
        if (code < 200) {
            answer.interim(head);
        } else if (FailureClassifier.brokenStatus(code)) {
            onBrokenStatus(answering, head, Failure.status(code));
        } else {
            if (code == 404) {
                worker.absences().heard(plan.route(), request.uri());
            } else if (code < 300) {
                worker.absences().withdraw(plan.route(), request.uri());
            }
            if (HttpMethod.GET.equals(request.method())
                    && HeldAnswer.worthHolding(head, plan.backend().config().holdUpTo())) {
                held = new HeldAnswer(head);
                phase = Phase.HOLDING;
            } else {
                commit(answering, head);
            }
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
            stream(head);
        }
    }

    private void commit(Attempt answering, HttpResponse head) {
        answering.committed();
        stream(head);
    }

    private void stream(HttpResponse head) {
        phase = Phase.STREAMING;
        answer.backendHead(head, requestBody.complete());
    }

    void onAnswerContent(Attempt answering, HttpContent content) {
        HeldAnswer holding = held;
        if (phase == Phase.STREAMING) {
            writeContent(content);
            pauseUnlessTaken();
        } else if (holding == null) {
            content.release();
        } else if (holding.add(content)) {
            held = null;
            answering.committed();
            writeHeld(holding);
        }
    }

    private void writeHeld(HeldAnswer complete) {
        LastHttpContent whole = complete.releaseWhole();
        if (whole == null) {
            stream(complete.head());
            complete.release(this::writeContent);
            return;
        }
        phase = Phase.STREAMING;
        answer.backendWhole(complete.head(), whole, requestBody.complete());
        client.flush();
        finish();
    }

    /** Lets the client's socket take what is queued, and reads no more from the backend if it does not take it. */
    private void pauseUnlessTaken() {
        if (phase == Phase.STREAMING && !client.isWritable()) {
            client.flush();
            if (attempt != null && !client.isWritable()) {
                attempt.setReading(false);
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
        boolean may = RetryRule.mayAskAnother(safe, failed.sent(), requestBody.passedOn(), attemptsLeft, untried);
        if (may && (retried || worker.budget(plan.backend()).tryTake())) {
            retried = true;
            askBackend(null);
        } else {
            // whether a write took effect is unknown once it was sent: then nobody may claim that nothing happened
            boolean uncertain = !safe && failed.sent();
            fallBack(cause.label(), uncertain ? RefusalCause.OUTCOME_UNKNOWN : RefusalCause.OUTAGE);
        }
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
        attempt = null;
        phase = Phase.LOCAL;
        requestBody.drop();
        // what still comes of the body is dropped as it arrives
        client.setReading(true);
        tryNextFallback(otherwise);
    }

    private void tryNextFallback(RefusalCause otherwise) {
        List<Fallback> order = plan.route().fallback();
        while (nextFallback < order.size()) {
            if (order.get(nextFallback++) == Fallback.MIRROR && askMirror()) {
                return;
            }
        }
        refuse(otherwise);
    }

    private boolean askMirror() {
        MirrorResource resource = safe ? plan.route().resource(request.uri()) : null;
        if (plan.mirror() == null || resource == null) {
            return false;
        }
        MirrorInquiry.ask(worker, plan.mirror(), request, resource, this::onMirrorAnswer);
        return true;
    }

    private void onMirrorAnswer(MirrorAnswer given) {
        if (phase == Phase.LOCAL) {
            try {
                take(given);
            } catch (RuntimeException e) {
                onBug(e);
            }
        }
    }

    private void take(MirrorAnswer given) {
        if (given instanceof MirrorAnswer.Found found) {
            begin(LocalAnswer.of(this, worker, found));
        } else if (given instanceof MirrorAnswer.Absent) {
            refuse(RefusalCause.ABSENT);
        } else {
            mirrorCannotTell();
        }
    }

    private void mirrorCannotTell() {
        boolean justAbsent = worker.absences().justHeard(plan.route(), request.uri());
        tryNextFallback(justAbsent ? RefusalCause.ABSENT : RefusalCause.UNKNOWN_NAME);
    }

    private void refuse(RefusalCause cause) {
        phase = Phase.LOCAL;
        RefusedRequest refused = new RefusedRequest(
                plan.route().api(),
                request.method().name(),
                MirrorInquiry.acceptOf(request.headers()),
                requestId.toString());
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
            mirrorCannotTell();
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
        dropHeld();
        requestBody.drop();
        Attempt current = attempt;
        attempt = null;
        if (current != null && aborted) {
            current.abandon();
        } else if (current != null) {
            current.complete();
        }
        if (localAnswer != null) {
            localAnswer.cancel();
        }
        if (countedAsLive) {
            worker.budget(plan.backend()).leave(retried);
        }
        worker.observer().onFinished(this);
        if (!aborted) {
            client.onAnswered(answer.persistent());
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

    /** Whether the client got less than a whole answer. */
    public boolean aborted() {
        return aborted;
    }

    /** When it began, as {@link System#nanoTime()}. */
    public long started() {
        return started;
    }
}
