package dev.detour.proxy.cache;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.IllegalReferenceCountException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A backend's answer that is kept, or will be once its body has arrived.
 *
 * <p>Its body is counted memory outside the heap, read by all event loops at a time. The cache owns one count as long as it
 * keeps the answer; whoever reads the body holds one of its own, got from {@link #tryRetain()}.
 */
public final class StoredAnswer extends AbstractReferenceCounted {
    /** What an answer takes up beside its body: objects, header names and values. */
    private static final int OVERHEAD = 1_024;

    /** Uses that make it worth a request to the backend which perhaps nobody needs. */
    private static final int HOT = 10;

    private final int status;
    private final HttpHeaders headers;
    private final HttpHeaders targeted;
    private final StorePolicy policy;
    private final String variant;
    private final ByteBuf body;
    private final long bornNanos;
    private final boolean refreshed;
    private final @Nullable CodedBodies coded;
    private final Form asItIs;
    private final Form oneOfSeveral;
    private volatile boolean outdated;
    /** Counted by all loops without care: a few more or less do not matter. */
    private int uses;

    private final AtomicBoolean renewing = new AtomicBoolean();

    /**
     * An answer.
     *
     * @param headers as {@link StoredHeaders} made them; not to be changed any more
     * @param targeted what was said to caches like this one only
     * @param variant for which requests it is meant
     * @param body becomes this answer's; may still grow
     * @param bornNanos when it came, as {@link System#nanoTime()}
     */
    public StoredAnswer(
            int status,
            HttpHeaders headers,
            HttpHeaders targeted,
            StorePolicy policy,
            String variant,
            ByteBuf body,
            long bornNanos) {
        this(status, headers, targeted, policy, variant, body, bornNanos, false);
    }

    private StoredAnswer(
            int status,
            HttpHeaders headers,
            HttpHeaders targeted,
            StorePolicy policy,
            String variant,
            ByteBuf body,
            long bornNanos,
            boolean refreshed) {
        this.status = status;
        this.headers = headers;
        this.targeted = targeted;
        this.policy = policy;
        this.variant = variant;
        this.body = body;
        this.bornNanos = bornNanos;
        this.refreshed = refreshed;
        this.coded = Compressible.is(status, headers) ? new CodedBodies() : null;
        this.asItIs = Form.asItIs(this);
        this.oneOfSeveral = coded == null ? asItIs : Form.oneOfSeveral(this);
    }

    /** The same answer after the backend has said that it still holds (RFC 9111 4.3.4); shares the body, of which it gets a count. */
    public StoredAnswer refreshed(HttpHeaders updated, HttpHeaders told, StorePolicy renewed, long nowNanos) {
        StoredAnswer answer = new StoredAnswer(status, updated, told, renewed, variant, body.retain(), nowNanos, true);
        if (answer.coded != null && coded != null) {
            answer.coded.adopt(coded, answer);
        }
        return answer;
    }

    /** Its status. */
    public int status() {
        return status;
    }

    /** Its headers, without those that belong to a connection; not to be changed. */
    public HttpHeaders headers() {
        return headers;
    }

    /** What was said to caches like this one only. */
    public HttpHeaders targeted() {
        return targeted;
    }

    /** What may be done with it. */
    public StorePolicy policy() {
        return policy;
    }

    String variant() {
        return variant;
    }

    /** Whether it is meant for requests that {@link ResponseCache#variant} names so, by what it varies by itself. */
    public boolean isMeantFor(String asked) {
        return variant.equals(asked);
    }

    /** Its body; whoever reads it has retained this answer. */
    public ByteBuf body() {
        return body;
    }

    public @Nullable String etag() {
        return headers.get(HttpHeaderNames.ETAG);
    }

    public @Nullable String lastModified() {
        return headers.get(HttpHeaderNames.LAST_MODIFIED);
    }

    /** Whether what it was selected by is somebody's secret. */
    boolean isPersonal() {
        return policy.vary().contains("cookie") || policy.vary().contains("authorization");
    }

    /** Whether it has the body of an answer that was kept before. */
    boolean isRefreshed() {
        return refreshed;
    }

    /** Whether it came before this moment, as {@link System#nanoTime()}. */
    public boolean isOlderThan(long nanos) {
        return bornNanos - nanos < 0;
    }

    /** How long ago it came. */
    long nanosSinceBirth(long nowNanos) {
        return nowNanos - bornNanos;
    }

    /** Seconds since the backend made it (RFC 9111 4.2.3). */
    public long age(long nowNanos) {
        return policy.initialAge() + TimeUnit.NANOSECONDS.toSeconds(nowNanos - bornNanos);
    }

    /** Seconds for which it stays fresh; negative if it has been stale for so long. */
    public long freshFor(long nowNanos) {
        long left = policy.lifetime() - age(nowNanos);
        return outdated ? Math.min(-1, left) : left;
    }

    /** Whether it may be used without asking the backend. */
    public boolean isFresh(long nowNanos) {
        return freshFor(nowNanos) > 0 && !policy.alwaysRevalidate();
    }

    /**
     * Whether it is time to ask for a newer one although this is fresh: it is used a lot, and has less than a tenth of its time
     * left. True once only.
     */
    public boolean isToBeRenewed(long nowNanos) {
        uses++;
        long left = freshFor(nowNanos);
        return uses >= HOT && left <= policy.lifetime() / 10 && renewing.compareAndSet(false, true);
    }

    /** Whether it may be used once more while the backend is asked (RFC 5861 3). */
    public boolean mayBridge(long nowNanos) {
        return !strict() && !outdated && policy.staleWhileRevalidate() + freshFor(nowNanos) >= 0;
    }

    /**
     * Whether it may be used because the backend has no answer (RFC 5861 4).
     *
     * @param grace seconds past its freshness, unless the answer says how many
     */
    public boolean mayStandIn(long nowNanos, long grace) {
        long allowed = policy.staleIfError() >= 0 ? policy.staleIfError() : grace;
        // an absence is a claim, which only the backend or a complete list can make
        return !strict() && status < 400 && policy.lifetime() - age(nowNanos) + allowed >= 0;
    }

    private boolean strict() {
        return policy.mustRevalidate() || policy.alwaysRevalidate();
    }

    /** From now on it is stale, however fresh it was meant to be. */
    void outdate() {
        outdated = true;
    }

    /** Holds on to the body; false if it is gone. */
    public boolean tryRetain() {
        try {
            retain();
            return true;
        } catch (IllegalReferenceCountException e) {
            return false;
        }
    }

    // ---- other codings

    /** Whether clients may be given it in a coding of ours once all of it is there. */
    boolean isCompressible(long length) {
        return coded != null && length >= Compressible.SHORTEST;
    }

    /** How it is given where nobody gets it in a coding of ours. */
    Form asItIs() {
        return asItIs;
    }

    /** How it is given to clients that accept none of our codings, where others do. */
    Form oneOfSeveral() {
        return oneOfSeveral;
    }

    CodedBodies coded() {
        return Objects.requireNonNull(coded);
    }

    int weight() {
        return body.capacity() + OVERHEAD + (coded == null ? 0 : coded.weight());
    }

    @Override
    protected void deallocate() {
        body.release();
        if (coded != null) {
            coded.release();
        }
    }

    @Override
    public StoredAnswer touch(Object hint) {
        return this;
    }
}
