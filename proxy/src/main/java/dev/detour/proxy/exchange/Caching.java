package dev.detour.proxy.exchange;

import dev.detour.health.failure.Failure;
import dev.detour.proxy.cache.CacheStatus;
import dev.detour.proxy.cache.StoredAnswer;
import dev.detour.proxy.refuse.RefusalCause;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** One exchange's dealings with the cache: what it finds there, and the fetch it waits for together with others. */
final class Caching {
    private final Exchange exchange;
    private final Downstream client;
    private final Worker worker;
    private final Plan plan;
    private final CacheUse use;
    private @Nullable FillReader reader;
    private boolean collapsed;

    private Caching(Exchange exchange, Downstream client, Worker worker, Plan plan, CacheUse use) {
        this.exchange = exchange;
        this.client = client;
        this.worker = worker;
        this.plan = plan;
        this.use = use;
    }

    /** The dealings of a GET or HEAD without a body, or null if it has none. */
    static @Nullable Caching of(Exchange exchange, Downstream client, Worker worker, Plan plan, HttpRequest request) {
        // the backend will not see what the client names away: nothing may be found, or kept, by it
        ForwardHeaders.stripConnectionNamed(request.headers());
        CacheUse use = CacheUse.of(worker.fills().cache(), plan, request, client.secure());
        return use == null ? null : new Caching(exchange, client, worker, plan, use);
    }

    /** Answers from the cache if the backend need not, or may not, be asked. */
    boolean answersNow(CharSequence requestId) {
        long now = worker.nanoTime();
        StoredAnswer fresh = use.fresh(now);
        if (fresh != null && answerFrom(fresh, Source.CACHE)) {
            if (fresh.isToBeRenewed(now) && !plan.diverted() && worker.fills().mayRenew(now)) {
                refresh(requestId);
            }
            return true;
        }
        StoredAnswer bridging = plan.diverted() ? null : use.bridging(now);
        if (bridging != null && answerFrom(bridging, Source.CACHE)) {
            refresh(requestId);
            return true;
        }
        if (use.onlyIfCached()) {
            exchange.refuse(RefusalCause.NOT_CACHED);
            return true;
        }
        return false;
    }

    /** The fallback {@code stale}: answers with what was kept; false if there is nothing that may stand in. */
    boolean standsIn() {
        StoredAnswer kept = use.standIn(worker.nanoTime());
        return kept != null && answerFrom(kept, Source.STALE);
    }

    /** Whether there is something that may stand in. */
    boolean mayStandIn() {
        return use.standIn(worker.nanoTime()) != null;
    }

    /** The same as {@link #standsIn}, but while the backend may yet answer: it is left. */
    boolean standsInAside(String because) {
        StoredAnswer kept = use.standIn(worker.nanoTime());
        if (kept == null || !kept.tryRetain()) {
            return false;
        }
        exchange.leaveBackend(because);
        answerWithRetained(kept, Source.STALE);
        return true;
    }

    private boolean answerFrom(StoredAnswer kept, Source source) {
        if (!kept.tryRetain()) {
            return false;
        }
        answerWithRetained(kept, source);
        return true;
    }

    private void answerWithRetained(StoredAnswer kept, Source source) {
        CharSequence status = CacheStatus.hit(kept.freshFor(worker.nanoTime()));
        exchange.answerWith(new StoredReply(exchange, worker, use.request(), kept, null, source, status));
    }

    /** What {@code Cache-Status} says of an answer that is for this client only. */
    CharSequence passedStatus() {
        CacheStatus.Forward why = use.isSpecial()
                ? CacheStatus.Forward.REQUEST
                : use.found() == null ? CacheStatus.Forward.URI_MISS : CacheStatus.Forward.STALE;
        return CacheStatus.forwarded(why, false, false, 0);
    }

    // ---- fetching

    /** Asks the backend for everybody who may come, without waiting for it. */
    private void refresh(CharSequence requestId) {
        if (use.mayFill()) {
            Fill created = newFill(requestId);
            if (worker.fills().join(created) == created) {
                created.start();
            } else {
                created.discard();
            }
        }
    }

    private Fill newFill(CharSequence requestId) {
        return new Fill(worker.fills(), worker, plan, use, client, requestId);
    }

    /** Waits with all others who want the same; false if this request has to ask for itself. */
    boolean waitsForFill(CharSequence requestId) {
        if (!use.mayFill()) {
            return false;
        }
        Fill created = newFill(requestId);
        Fill fill = worker.fills().join(created);
        collapsed = fill != created;
        FillReader joining = new FillReader(this, worker, use, fill);
        reader = joining;
        fill.audience().join(joining);
        if (collapsed) {
            worker.fills().cache().noteCollapsed();
            created.discard();
        } else {
            fill.start();
        }
        return true;
    }

    /** Whether it waits for a fetch. */
    boolean waits() {
        return reader != null;
    }

    /** Wants nothing of a fetch any more. */
    void leave() {
        if (reader != null) {
            reader.leave();
            reader = null;
        }
    }

    // ---- what a fetch tells, on the exchange's loop

    /** There is an answer, with a count of its body for us. */
    void onReady(Fill fill, StoredAnswer ready) {
        if (!exchange.undecided()) {
            ready.release();
            return;
        }
        CacheStatus.Forward why = use.found() == null ? CacheStatus.Forward.URI_MISS : CacheStatus.Forward.STALE;
        exchange.answerWith(new StoredReply(
                exchange,
                worker,
                use.request(),
                ready,
                fill.complete() ? null : fill,
                Source.BACKEND,
                CacheStatus.forwarded(why, true, collapsed, 0)));
    }

    void onProgress() {
        exchange.onFillProgress();
    }

    void onPassed() {
        reader = null;
        use.goAlone();
        if (exchange.undecided()) {
            exchange.askBackend();
        }
    }

    void onFailed(@Nullable Failure cause, String because, RefusalCause otherwise) {
        reader = null;
        if (!exchange.undecided()) {
            return;
        }
        if (cause == null) {
            exchange.onNotAsked(because, otherwise);
        } else {
            exchange.onBackendFailed(cause, otherwise);
        }
    }

    void onBug(RuntimeException bug) {
        exchange.onBug(bug);
    }

    /** Takes over what was asked for everybody, because the answer is for one; null if that one has gone elsewhere. */
    @Nullable Asker inherit(BackendInquiry inquiry) {
        reader = null;
        use.goAlone();
        return exchange.inherit(inquiry);
    }
}
