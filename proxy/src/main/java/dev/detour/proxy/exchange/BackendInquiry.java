package dev.detour.proxy.exchange;

import dev.detour.config.ApiClass;
import dev.detour.health.breaker.BreakerState;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.backend.Endpoint;
import dev.detour.proxy.balance.Balancer;
import dev.detour.proxy.refuse.RefusalCause;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a backend for one {@link Asker}, mostly an {@link Exchange}: whether it may be asked at all, which endpoint, and after a failure which next.
 *
 * <p><b>Ownership.</b> It owns an {@link Admission}, which it settles exactly once, and one {@link Attempt} at a time. The
 * admission covers the whole inquiry: an endpoint that fails where another answers says nothing about the backend.
 *
 * <p><b>Alone.</b> The exchange may {@link #leave() leave} before there is an answer, because it found one elsewhere. The
 * inquiry then goes on alone, so that the breaker learns how the backend does.
 */
final class BackendInquiry implements WaitingRoom.Guest {
    private final Worker worker;
    private final Plan plan;
    private final Backend backend;
    private final HttpRequest request;
    private final RequestBody body;
    private final boolean safe;
    private final Admission admission;
    private @Nullable Asker asker;

    private @Nullable Attempt attempt;
    private @Nullable CaptureTap tap;
    private long started;
    private long tried;
    private int attemptsLeft;
    private boolean waiting;
    private boolean secondLife;
    private boolean meaningless;

    /**
     * An inquiry that has not begun.
     *
     * @param request as the backend shall see it
     * @param safe whether the request is a GET or HEAD
     */
    BackendInquiry(Asker asker, Worker worker, Plan plan, HttpRequest request, RequestBody body, boolean safe) {
        this.asker = asker;
        this.worker = worker;
        this.plan = plan;
        this.backend = plan.backend();
        this.request = request;
        this.body = body;
        this.safe = safe;
        this.admission = new Admission(worker, backend, plan.load(), body, safe);
        this.started = worker.nanoTime();
        this.attemptsLeft = backend.config().retry().attempts();
    }

    // ---- being let in

    /** Begins; what comes of it is told to the exchange, perhaps before this returns. */
    void start() {
        if (!admission.permitted()) {
            turnAway("breaker_open", RefusalCause.OUTAGE);
            return;
        }
        if (admission.isTrial()) {
            // a trial is one call
            attemptsLeft = 1;
        }
        worker.budget(backend).deposit();
        WaitingRoom room = worker.waitingRoom(backend);
        if (room.hasPrecedence(plan.load()) || !begin()) {
            waiting = true;
            if (!room.enter(this, plan.load())) {
                waiting = false;
                giveUp("overload", RefusalCause.OVERLOADED);
            }
        }
    }

    @Override
    public boolean tryBegin() {
        if (!admission.isTrial() && backend.breaker().state() == BreakerState.OPEN) {
            // it opened meanwhile: nothing to wait for
            waiting = false;
            giveUp("breaker_open", RefusalCause.OUTAGE);
            return true;
        }
        return begin();
    }

    @Override
    public void onWaitedTooLong() {
        waiting = false;
        giveUp("overload", RefusalCause.OVERLOADED);
    }

    @Override
    public long waitingSince() {
        return started;
    }

    /** Begins the first attempt; false if there is no room for it now. */
    private boolean begin() {
        if (!admission.takePlace()) {
            return false;
        }
        List<Endpoint> endpoints = backend.endpoints().now();
        long now = worker.nanoTime();
        int picked = pick(endpoints, now);
        if (picked == Balancer.FULL || (picked >= 0 && !enter(endpoints.get(picked)))) {
            admission.unplace();
            return false;
        }
        waiting = false;
        started = now;
        if (picked >= 0) {
            beginAt(endpoints.get(picked), now);
        } else if (endpoints.isEmpty()) {
            Failure failure = Failure.of(FailureKind.DNS, "no address for any of its names");
            worker.observer().onAttempt(backend, failure);
            failed(failure, false);
        } else {
            giveUp("drained", RefusalCause.OUTAGE);
        }
        return true;
    }

    private void beginAt(Endpoint entered, long now) {
        if (admission.begin(now)) {
            ask(entered, safe && !body.present(), now);
        } else {
            // it does not wait: those behind it, who have sent all they have to, would wait for slow clients as well
            entered.leave();
            giveUp("overload", RefusalCause.OVERLOADED);
        }
    }

    private boolean enter(Endpoint endpoint) {
        if (plan.load() == LoadClass.EXEMPT) {
            endpoint.enter();
            return true;
        }
        return endpoint.tryEnter();
    }

    private int pick(List<Endpoint> endpoints, long now) {
        Balancer balancer = worker.balancer(backend);
        return plan.load() == LoadClass.EXEMPT
                ? balancer.pickCrowded(endpoints, tried, request.uri(), now)
                : balancer.pick(endpoints, tried, request.uri(), now);
    }

    /** The backend is not asked, and nothing was learnt about it. */
    private void giveUp(String because, RefusalCause cause) {
        admission.undecided();
        turnAway(because, cause);
    }

    private void turnAway(String because, RefusalCause cause) {
        Asker asking = asker;
        asker = null;
        if (asking != null) {
            asking.onNotAsked(because, cause);
        }
    }

    // ---- attempts

    /** Asks an endpoint that has been entered; {@code mayReuse} allows a connection that sat idle. */
    private void ask(Endpoint endpoint, boolean mayReuse, long now) {
        attemptsLeft--;
        tried |= 1L << endpoint.slot();
        Attempt next = new Attempt(this, worker, backend, endpoint, now);
        attempt = next;
        // a connection that sat idle may be dead, and a write cannot be repeated to find out
        next.lease(mayReuse);
    }

    void onConnected(Attempt connected) {
        connected.send(request, body.present());
        body.sendTo(connected);
        connected.flush();
    }

    /** A piece of the request body has arrived; takes ownership. */
    void onRequestContent(HttpContent content) {
        body.arrived(content, attempt);
        if (body.complete()) {
            admission.bodyComplete();
        }
    }

    /** The moment to flush what has arrived of the request body. */
    void flush() {
        if (attempt != null && body.present()) {
            attempt.flush();
        }
    }

    void onWritabilityChanged(boolean writable) {
        if (asker != null) {
            body.onWritabilityChanged(writable);
        }
    }

    void setReading(boolean on) {
        if (attempt != null) {
            attempt.setReading(on);
        }
    }

    // ---- answers

    void onHead(Attempt answering, HttpResponse head) {
        Asker asking = asker;
        if (head.status().code() < 200) {
            if (asking != null) {
                asking.onInterim(head);
            }
            return;
        }
        Failure wrong = AnswerCheck.failureOf(head, plan.api(), request.method());
        if (wrong != null && wrong.status() != 0 && !plan.route().statusCounts()) {
            meaningless = true;
            wrong = null;
        }
        if (asking == null) {
            lateHead(answering, wrong);
        } else if (wrong == null) {
            if (plan.capture() != null && !body.present()) {
                tap = CaptureTap.of(worker, plan, plan.capture(), request, head);
            }
            asking.onHead(head);
        } else if (safe) {
            answering.reject(wrong);
            onAttemptFailed(answering, wrong);
        } else {
            // the backend did get this write: its own words are the truth
            answering.committedBroken(wrong);
            settleFailed(wrong);
            asking.onBrokenAnswerToWrite(head, wrong);
        }
    }

    /** The answer to a request whose client has been answered from elsewhere: it only counts. */
    private void lateHead(Attempt answering, @Nullable Failure wrong) {
        if (meaningless) {
            abandon();
        } else if (wrong == null) {
            answering.late();
            settleSucceeded();
        } else {
            answering.reject(wrong);
            settleFailed(wrong);
        }
    }

    void onContent(Attempt answering, HttpContent content) {
        CaptureTap copying = tap;
        if (copying == null) {
            deliver(answering, content);
            return;
        }
        boolean last = content instanceof LastHttpContent;
        copying.add(content.content());
        deliver(answering, content);
        // whoever waits for the answer has it by now
        if (last && tap == copying) {
            tap = null;
            copying.complete();
        }
    }

    private void deliver(Attempt answering, HttpContent content) {
        Asker asking = asker;
        if (asking != null) {
            asking.onAnswerContent(content);
            return;
        }
        // left while the answer was held: whether it comes to its end, within the time for a first byte, still counts
        boolean last = content instanceof LastHttpContent;
        content.release();
        if (last) {
            answering.late();
            settleSucceeded();
        }
    }

    /** There will be no whole answer, or nobody waits for it. */
    private void dropCopy() {
        if (tap != null) {
            tap.drop();
            tap = null;
        }
    }

    void onReadComplete() {
        if (asker != null) {
            asker.onAnswerReadComplete();
        }
    }

    /** The exchange sends the answer on: the backend did its work. */
    void committed() {
        if (meaningless) {
            attempt().committedWithoutVerdict();
            admission.undecided();
        } else {
            attempt().committed();
            settleSucceeded();
        }
    }

    /** The answer's head was good and what followed shows that it was not; nothing was sent on. */
    void rejected(Failure failure) {
        Attempt answering = attempt();
        answering.reject(failure);
        onAttemptFailed(answering, failure);
    }

    // ---- failures

    void onDiedOfOldAge(Attempt died, Failure cause) {
        if (safe && !secondLife && asker != null) {
            secondLife = true;
            attemptsLeft++;
            worker.observer().onRepeat(backend);
            died.endpoint().enter();
            ask(died.endpoint(), false, worker.nanoTime());
        } else {
            died.settleFailed(cause);
            onAttemptFailed(died, cause);
        }
    }

    void onAttemptFailed(Attempt broken, Failure cause) {
        dropCopy();
        Asker asking = asker;
        if (asking == null) {
            settleFailed(cause);
        } else if (asking.committed()) {
            settleFailed(cause);
            asking.onBroken(cause);
        } else {
            asking.onAttemptFailed(cause);
            long now = worker.nanoTime();
            Endpoint other = another(broken, now);
            if (other == null) {
                failed(cause, broken.sent());
            } else {
                worker.observer().onRetry(backend);
                ask(other, safe && !body.present(), now);
            }
        }
    }

    /** The endpoint that gets the next attempt, already entered, or null if there is none or it may not be. */
    private @Nullable Endpoint another(Attempt broken, long now) {
        if (!RetryRule.mayAskAnother(safe, broken.sent(), body.passedOn(), attemptsLeft)) {
            return null;
        }
        List<Endpoint> endpoints = backend.endpoints().now();
        int picked = pick(endpoints, now);
        if (picked < 0 || !RetryRule.worthAsking(endpoints.get(picked).standing())) {
            return null;
        }
        Endpoint other = endpoints.get(picked);
        if (!enter(other)) {
            return null;
        }
        if (!worker.budget(backend).tryTake()) {
            other.leave();
            return null;
        }
        return other;
    }

    /** All that may be tried has failed. */
    private void failed(Failure cause, boolean sent) {
        settleFailed(cause);
        Asker asking = asker;
        asker = null;
        if (asking != null) {
            // whether a write took effect is unknown once it was sent: then nobody may claim that nothing happened
            asking.onBackendFailed(cause, !safe && sent ? RefusalCause.OUTCOME_UNKNOWN : RefusalCause.OUTAGE);
        }
    }

    void onBug(RuntimeException bug) {
        if (asker != null) {
            asker.onBug(bug);
        } else {
            abandon();
        }
    }

    // ---- the end

    /** The time for the whole request is over: that is the backend's failure, and nobody waits any more. */
    void expire(Failure deadline) {
        leaveRoom();
        dropCopy();
        asker = null;
        if (attempt != null) {
            attempt.expire(deadline, started);
            settleFailed(deadline);
        }
        admission.undecided();
    }

    /** The exchange has an answer from elsewhere. */
    void leave() {
        asker = null;
        if (waiting) {
            leaveRoom();
            admission.undecided();
        } else if (attempt != null) {
            attempt.setReading(true);
        }
    }

    /** Somebody else is told everything from now on. */
    void handTo(Asker heir) {
        asker = heir;
    }

    /** Nobody wants the answer any more: no verdict on the backend. */
    void abandon() {
        leaveRoom();
        dropCopy();
        asker = null;
        if (attempt != null) {
            attempt.abandon();
        }
        admission.undecided();
    }

    /** The answer came to its end and was sent on. */
    void complete() {
        if (attempt != null) {
            attempt.complete();
        }
        asker = null;
    }

    private void leaveRoom() {
        if (waiting) {
            waiting = false;
            worker.waitingRoom(backend).leave(this, plan.load());
        }
    }

    private void settleSucceeded() {
        admission.succeeded(since(), worker.nanoTime());
    }

    private void settleFailed(Failure failure) {
        admission.failed(failure, since(), worker.nanoTime());
    }

    /** Since when it is up to the backend; before that the client was sending a body. */
    private long since() {
        return body.present() && attempt != null ? attempt.askedAt() : started;
    }

    /** Whether the client has had its share of a backend's attention; only data that crawlers collect is counted. */
    static boolean exceedsRate(Plan plan, Downstream client) {
        return plan.api() == ApiClass.JSON
                && plan.backend().jsonRates() != null
                && !plan.backend().jsonRates().tryTake(client.address());
    }

    private Attempt attempt() {
        Attempt asked = attempt;
        if (asked == null) {
            throw new IllegalStateException("nobody was asked yet");
        }
        return asked;
    }
}
