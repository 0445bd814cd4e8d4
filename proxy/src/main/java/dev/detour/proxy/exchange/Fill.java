package dev.detour.proxy.exchange;

import dev.detour.health.failure.Failure;
import dev.detour.proxy.cache.ResponseCache;
import dev.detour.proxy.cache.StorePolicy;
import dev.detour.proxy.cache.StoredAnswer;
import dev.detour.proxy.cache.StoredHeaders;
import dev.detour.proxy.refuse.RefusalCause;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch of an answer that may be kept, on behalf of everybody who waits for it. No client owns it: it goes on when all
 * have left.
 *
 * <pre>
 *   ASKING ──head that may be kept──▶ ARRIVING ──last──▶ COMPLETE  (kept, if nothing was purged meanwhile)
 *     │                                  └──failure────▶ BROKEN
 *     ├──head that may not───────────▶ PASSED   (one reader takes the inquiry over, the others ask for themselves)
 *     └──failure─────────────────────▶ FAILED   (each reader goes on along its serving order)
 * </pre>
 *
 * <p><b>Threads.</b> It lives on the event loop it was begun on. Its {@link Audience} joins and leaves from any loop, and hears of
 * its fate there. The body grows in place: what lies before {@link #written()} never changes again.
 *
 * <p><b>Length.</b> A body of unknown length is given to nobody before it has come to its end: it may outgrow what is kept,
 * and who had begun could not be given the rest.
 *
 * <p><b>Memory.</b> The body is in memory once, however many read it. A slow reader holds on to it, and slows nobody down.
 */
final class Fill implements Asker {
    private static final Logger LOG = LoggerFactory.getLogger(Fill.class);
    private static final int UNKNOWN_LENGTH = 16 * 1024;

    private final Fills fills;
    private final Fills.Place place;
    private final ResponseCache cache;
    private final Worker worker;
    private final Plan plan;
    private final HttpRequest request;
    private final CacheUse use;
    private final @Nullable StoredAnswer stale;
    private final long purgesSeen;
    private final Instant requestTime;
    private @Nullable BackendInquiry inquiry;
    private long began;

    // the loop's
    private @Nullable StoredAnswer arriving;
    private @Nullable HttpResponse head;
    private long length;
    private int status;
    private boolean committed;
    private boolean over;
    private long reserved;

    private volatile int written;
    private volatile boolean complete;
    private volatile boolean broken;
    private volatile boolean spoiled;
    private volatile boolean revalidated;

    private final Audience audience = new Audience();

    /** A fetch that has not begun, for a request like that of {@code use}; its headers are copied. */
    Fill(Fills fills, Worker worker, Plan plan, CacheUse use, Downstream client, CharSequence requestId) {
        this.fills = fills;
        this.place = Fills.placeOf(use);
        this.cache = fills.cache();
        this.worker = worker;
        this.plan = plan;
        this.use = use;
        this.purgesSeen = cache.purges();
        this.requestTime = worker.wallTime();
        StoredAnswer found = use.found();
        this.stale = found != null && found.tryRetain() ? found : null;
        HttpHeaders headers = use.request().headers().copy();
        CacheRequest.prepare(headers, plan.api(), use.key().host(), stale);
        ForwardHeaders.toBackend(headers, client, requestId, plan.backend().host());
        this.request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, use.sharedTarget(), headers);
    }

    Fills.Place place() {
        return place;
    }

    /** Asks the backend. */
    void start() {
        began = worker.nanoTime();
        fills.refill().began(began);
        BackendInquiry asking = new BackendInquiry(this, worker, plan, request, RequestBody.none(), true);
        inquiry = asking;
        asking.start();
    }

    /** Somebody else fetches the same already: it gives back what it holds, and is never begun. */
    void discard() {
        if (stale != null) {
            stale.release();
        }
    }

    // ---- readers

    /** Who waits for it. */
    Audience audience() {
        return audience;
    }

    /** What is fetched may be out of date already: those who wait may have it, nobody after them. From any thread. */
    void spoil() {
        spoiled = true;
    }

    /** How much of the body is there. */
    int written() {
        return written;
    }

    /** Whether all of it is there. */
    boolean complete() {
        return complete;
    }

    /** Whether the backend only said that what was kept still holds. */
    boolean revalidated() {
        return revalidated;
    }

    /** Whether it is for those only who wait for it, as far as is known. */
    boolean spoiled() {
        return spoiled;
    }

    /** What the backend answered. */
    int status() {
        return status;
    }

    /** Whether the rest will not come. */
    boolean broken() {
        return broken;
    }

    /** Length of the whole body. */
    long length() {
        return length;
    }

    // ---- what the backend answers

    @Override
    public void onInterim(HttpResponse interim) {
        // it was meant for the one who asked first, and may be for nobody now
    }

    @Override
    public void onHead(HttpResponse answered) {
        worker.absences()
                .note(plan.route(), use.request().uri(), answered.status().code());
        head = answered;
        status = answered.status().code();
        if (answered.status().code() == 304 && stale != null) {
            return;
        }
        date(answered.headers());
        StorePolicy policy = policyOf(answered);
        // a backend that negotiates otherwise than we think would make one client's form the answer to another
        boolean taken = use.takesForm(status, answered.headers());
        long announced = HttpUtil.getContentLength(answered, -1L);
        if (policy == null || announced > cache.config().maxEntry() || !taken) {
            if (answered.status().code() < 400 && taken) {
                // an error is about this request, and says nothing about what others get
                cache.notePass(use.key());
            } else if (answered.status().code() == 404 || answered.status().code() == 410) {
                // what was taken down must not come back when the backend fails
                cache.remove(use.key());
            }
            pass(answered);
            return;
        }
        long room = announced < 0 ? UNKNOWN_LENGTH : announced;
        if (!cache.reserve(room)) {
            pass(answered);
            return;
        }
        reserved = room;
        length = announced;
        arriving = new StoredAnswer(
                answered.status().code(),
                StoredHeaders.toStore(answered.headers()),
                StorePolicy.targeted(answered.headers(), EmptyHttpHeaders.INSTANCE),
                policy,
                ResponseCache.variant(policy.vary(), use.request().headers(), use.form()),
                cache.allocate((int) room),
                worker.nanoTime());
    }

    /** RFC 9110 6.6.1: an answer that does not say when it was made was made when it came. */
    private void date(HttpHeaders headers) {
        if (!StoredHeaders.isDated(headers)) {
            headers.set(HttpHeaderNames.DATE, HttpDate.of(worker.wallTime()));
        }
    }

    private @Nullable StorePolicy policyOf(HttpResponse answered) {
        StorePolicy policy = StorePolicy.of(
                HttpMethod.GET,
                request.headers(),
                answered,
                requestTime,
                worker.wallTime(),
                cache.config().absence());
        return policy == null || use.form().isEmpty() ? policy : policy.without("accept");
    }

    @Override
    public void onAnswerContent(HttpContent content) {
        StoredAnswer answer = arriving;
        boolean last = content instanceof LastHttpContent;
        if (answer == null) {
            content.release();
            if (last && stale != null) {
                refreshed(stale);
            }
            return;
        }
        ByteBuf body = answer.body();
        if (length < 0 && !fits(body.readableBytes() + content.content().readableBytes())) {
            outgrown(answer, content);
            return;
        }
        body.writeBytes(content.content());
        content.release();
        written = body.writerIndex();
        if (last) {
            arrived(answer);
        } else if (length > 0 && !committed && written > plan.backend().config().holdUpTo()) {
            publish(answer);
        }
    }

    /** Whether a body whose length is not known may grow so far. */
    private boolean fits(long bytes) {
        if (bytes > cache.config().maxEntry()) {
            return false;
        }
        while (reserved < bytes) {
            if (!cache.reserve(UNKNOWN_LENGTH)) {
                return false;
            }
            reserved += UNKNOWN_LENGTH;
        }
        return true;
    }

    /** The first piece is there, and too long to be held back: readers may have it as it comes. */
    private void publish(StoredAnswer answer) {
        committed = true;
        asked().committed();
        audience.tellReady(answer);
    }

    private void arrived(StoredAnswer answer) {
        if (written == 0 && head != null && AnswerCheck.mustHaveBody(head, plan.api())) {
            dropArriving();
            asked().rejected(AnswerCheck.empty());
            return;
        }
        length = written;
        complete = true;
        fills.ended(this);
        boolean first = !committed;
        if (first) {
            committed = true;
            asked().committed();
        }
        asked().complete();
        if (!spoiled && answer.tryRetain()) {
            cache.keep(use.key(), answer, purgesSeen);
        }
        if (first) {
            audience.tellReady(answer);
        } else {
            audience.tellProgress();
        }
        over(revalidated ? FillOutcome.REVALIDATED : FillOutcome.STORED);
    }

    /** The backend says that what we have still holds (RFC 9111 4.3.3). */
    private void refreshed(StoredAnswer old) {
        HttpResponse notModified = head;
        if (notModified == null) {
            return;
        }
        cache.noteRevalidated();
        date(notModified.headers());
        revalidated = true;
        HttpHeaders updated = StoredHeaders.updated(old.headers(), notModified.headers());
        HttpHeaders targeted = StorePolicy.targeted(notModified.headers(), old.targeted());
        StorePolicy policy = policyOf(CacheRequest.asWhole(old.status(), updated, targeted, notModified));
        StoredAnswer answer =
                old.refreshed(updated, targeted, policy == null ? old.policy() : policy, worker.nanoTime());
        if (policy == null || isOfAnother(notModified, old)) {
            // it may not be kept any more, or the backend means another one: who waits gets it, nobody after them
            spoiled = true;
            cache.remove(use.key());
        }
        arriving = answer;
        written = answer.body().readableBytes();
        length = -1;
        arrived(answer);
    }

    /** Whether the backend confirms another answer than ours (RFC 9111 4.3.4). */
    private static boolean isOfAnother(HttpResponse notModified, StoredAnswer old) {
        String named = notModified.headers().get(HttpHeaderNames.ETAG);
        return named != null && !named.startsWith("W/") && !named.equals(old.etag());
    }

    private void outgrown(StoredAnswer answer, HttpContent content) {
        HttpResponse answered = head;
        if (answered == null) {
            throw new IllegalStateException("a body without a head");
        }
        ByteBuf soFar = answer.body().retainedSlice();
        dropArriving();
        if (soFar.readableBytes() + content.content().readableBytes()
                > cache.config().maxEntry()) {
            cache.notePass(use.key());
        }
        Asker heir = pass(answered);
        if (heir == null) {
            soFar.release();
            content.release();
        } else {
            heir.onAnswerContent(new DefaultHttpContent(soFar));
            heir.onAnswerContent(content);
        }
    }

    /** Hands the inquiry to a reader of this loop, who gets the head, and is returned; the others ask for themselves. */
    private @Nullable Asker pass(HttpResponse answered) {
        fills.ended(this);
        BackendInquiry asked = asked();
        FillReader heir = audience.takeHeir(worker, use);
        Asker taker = heir == null ? null : heir.inherit(asked);
        audience.tellPassed();
        over(FillOutcome.PASSED);
        if (taker == null) {
            asked.abandon();
        } else {
            asked.handTo(taker);
            taker.onHead(answered);
        }
        return taker;
    }

    @Override
    public void onAnswerReadComplete() {
        if (committed && !complete) {
            audience.tellProgress();
        }
    }

    // ---- failures

    @Override
    public boolean committed() {
        return committed;
    }

    @Override
    public void onBrokenAnswerToWrite(HttpResponse answered, Failure wrong) {
        throw new IllegalStateException("a fetch is no write");
    }

    @Override
    public void onAttemptFailed(Failure cause) {
        dropArriving();
    }

    @Override
    public void onNotAsked(String why, RefusalCause refusal) {
        fail(null, why, refusal);
    }

    @Override
    public void onBackendFailed(Failure cause, RefusalCause refusal) {
        fail(cause, cause.label(), refusal);
    }

    @Override
    public void onBroken(Failure cause) {
        broken = true;
        audience.tellProgress();
        fail(cause, cause.label(), RefusalCause.OUTAGE);
    }

    @Override
    public void onBug(RuntimeException bug) {
        LOG.error("fetching {} for the cache failed", request.uri(), bug);
        broken = true;
        audience.tellProgress();
        asked().abandon();
        fail(null, "internal", RefusalCause.OUTAGE);
    }

    private void fail(@Nullable Failure cause, String why, RefusalCause refusal) {
        fills.ended(this);
        audience.tellFailed(cause, why, refusal);
        over(FillOutcome.FAILED);
    }

    private void dropArriving() {
        if (arriving != null) {
            arriving.release();
            arriving = null;
            written = 0;
        }
        unreserve();
    }

    /** Gives back what it held; readers hold what they read. */
    private void over(FillOutcome outcome) {
        if (!over) {
            over = true;
            worker.observer().onFill(plan.route(), outcome, worker.nanoTime() - began);
            discard();
            unreserve();
            if (arriving != null) {
                arriving.release();
            }
        }
    }

    private void unreserve() {
        cache.unreserve(reserved);
        reserved = 0;
    }

    private BackendInquiry asked() {
        BackendInquiry asked = inquiry;
        if (asked == null) {
            throw new IllegalStateException("not begun");
        }
        return asked;
    }
}
