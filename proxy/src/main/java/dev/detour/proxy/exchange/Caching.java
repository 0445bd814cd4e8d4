package dev.detour.proxy.exchange;

import dev.detour.health.failure.Failure;
import dev.detour.proxy.cache.CacheStatus;
import dev.detour.proxy.cache.Conditions;
import dev.detour.proxy.cache.StoredAnswer;
import dev.detour.proxy.refuse.RefusalCause;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** One exchange's dealings with the cache: what it finds there, and the fetch it waits for together with others. */
final class Caching {
    private final Exchange exchange;
    private final ClientAnswer answer;
    private final Downstream client;
    private final Worker worker;
    private final Plan plan;
    private final CacheUse use;
    private @Nullable DiskLook look;
    private @Nullable FillReader reader;
    private boolean collapsed;

    private Caching(Exchange exchange, ClientAnswer answer, Downstream client, Worker worker, Plan plan, CacheUse use) {
        this.exchange = exchange;
        this.answer = answer;
        this.client = client;
        this.worker = worker;
        this.plan = plan;
        this.use = use;
    }

    /** The dealings of a GET or HEAD without a body, or null if it has none. */
    static @Nullable Caching of(
            Exchange exchange, ClientAnswer answer, Downstream client, Worker worker, Plan plan, HttpRequest request) {
        // the backend will not see what the client names away: nothing may be found, or kept, by it
        ForwardHeaders.stripConnectionNamed(request.headers());
        CacheUse use = CacheUse.of(worker.fills().cache(), plan, request, client.secure());
        return use == null ? null : new Caching(exchange, answer, client, worker, plan, use);
    }

    /** Waits for the disk, if that may have what memory has not; then {@code then} follows. */
    boolean recalls(Runnable then) {
        if (!use.mayRecall()) {
            return false;
        }
        DiskLook begun = new DiskLook(worker, use, () -> {
            try {
                then.run();
            } catch (RuntimeException e) {
                exchange.onBug(e);
            }
        });
        look = begun;
        begun.begin();
        return true;
    }

    /** The exchange is over. */
    void end() {
        leave();
        if (look != null) {
            look.leave();
        }
        use.end();
    }

    /** Answers from the cache if the backend need not, or may not, be asked. */
    boolean answersNow(CharSequence requestId) {
        long now = worker.nanoTime();
        StoredAnswer fresh = use.fresh(now);
        if (fresh != null && answerFrom(fresh, Source.CACHE, CacheResult.HIT)) {
            if (fresh.isToBeRenewed(now) && !plan.diverted() && worker.fills().mayRenew(now)) {
                refresh(requestId);
            }
            return true;
        }
        StoredAnswer bridging = plan.diverted() ? null : use.bridging(now);
        if (bridging != null && answerFrom(bridging, Source.CACHE, CacheResult.STALE)) {
            refresh(requestId);
            return true;
        }
        if (use.onlyIfCached()) {
            exchange.refuse(RefusalCause.NOT_CACHED);
            return true;
        }
        return !plan.diverted() && worker.fills().refill().isAhead(now) && isPutOff(now);
    }

    /** Others are fetched first: what is here must do. */
    private boolean isPutOff(long now) {
        StoredAnswer kept = use.standIn(now);
        if (kept == null || !worker.fills().refill().isLeftOver(kept)) {
            return false;
        }
        answer.because("refill");
        return answerFrom(kept, Source.STALE, CacheResult.STALE);
    }

    /** The fallback {@code stale}: answers with what was kept; false if there is nothing that may stand in. */
    boolean standsIn() {
        StoredAnswer kept = use.standIn(worker.nanoTime());
        return kept != null && answerFrom(kept, Source.STALE, CacheResult.STALE);
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
        answerWithRetained(kept, Source.STALE, CacheResult.STALE);
        return true;
    }

    private boolean answerFrom(StoredAnswer kept, Source source, CacheResult result) {
        if (!kept.tryRetain()) {
            return false;
        }
        answerWithRetained(kept, source, result);
        return true;
    }

    private void answerWithRetained(StoredAnswer kept, Source source, CacheResult result) {
        answer.cacheResult(result);
        long now = worker.nanoTime();
        long ttl = kept.freshFor(now);
        Failure failure = source == Source.STALE ? answer.failure() : null;
        CharSequence status =
                failure == null ? CacheStatus.hit(ttl) : CacheStatus.standIn(use.reason(now), failure.status(), ttl);
        exchange.answerWith(new StoredReply(exchange, worker, use.request(), use.key(), kept, null, source, status));
    }

    /** The answer is for this client only: what {@code Cache-Status} says of it. */
    CharSequence passed() {
        answer.cacheResult(CacheResult.PASS);
        return CacheStatus.forwarded(use.reason(worker.nanoTime()), false, false, 0);
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

    /** What {@code Cache-Status} says if the backend was asked in vain. */
    CharSequence failed(Failure failure) {
        return CacheStatus.forwarded(use.reason(worker.nanoTime()), false, false, failure.status());
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
        answer.cacheResult(
                collapsed ? CacheResult.COLLAPSED : fill.revalidated() ? CacheResult.REVALIDATED : CacheResult.MISS);
        // what the backend said needs no word where the client is told the same (RFC 9211 2.3)
        boolean same = fill.status() == ready.status()
                && !Conditions.isConditional(use.request().headers());
        exchange.answerWith(new StoredReply(
                exchange,
                worker,
                use.request(),
                use.key(),
                ready,
                fill.complete() ? null : fill,
                Source.BACKEND,
                CacheStatus.forwarded(
                        use.reason(worker.nanoTime()), !fill.spoiled(), collapsed, same ? 0 : fill.status())));
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
