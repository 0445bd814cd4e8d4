package dev.detour.proxy.exchange;

import dev.detour.config.ApiClass;
import dev.detour.mirror.page.SimpleFormat;
import dev.detour.proxy.cache.CacheKey;
import dev.detour.proxy.cache.CacheStatus;
import dev.detour.proxy.cache.RequestDirectives;
import dev.detour.proxy.cache.ResponseCache;
import dev.detour.proxy.cache.StoredAnswer;
import dev.detour.proxy.cache.VariantKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the cache can do for one GET or HEAD: it has looked once, when the request came. */
final class CacheUse {
    private final ResponseCache cache;
    private final Plan plan;
    private final HttpRequest request;
    private final CacheKey key;
    private final String form;
    private final RequestDirectives directives;
    private @Nullable StoredAnswer found;
    private final boolean inMemory;
    private final boolean forOthers;
    private final boolean forOtherKinds;
    private boolean owned;
    private boolean alone;

    private CacheUse(ResponseCache cache, Plan plan, HttpRequest request, boolean secure) {
        HttpHeaders headers = request.headers();
        this.cache = cache;
        this.plan = plan;
        this.request = request;
        this.key = keyOf(plan, request, secure);
        this.form = plan.api() == ApiClass.SIMPLE ? VariantKey.simpleForm(headers, request.uri()) : "";
        this.directives = RequestDirectives.of(headers, cache.config().obeyClients());
        StoredAnswer kept = cache.find(key, headers, form);
        this.inMemory = kept != null;
        this.found = kept != null && mayBeGiven(kept) ? kept : null;
        this.forOthers = kept != null && found == null;
        this.forOtherKinds = kept == null && cache.contains(key);
    }

    private boolean mayBeGiven(StoredAnswer kept) {
        return (kept.policy().shareable() || !request.headers().contains(HttpHeaderNames.AUTHORIZATION))
                && takesForm(kept.status(), kept.headers());
    }

    /**
     * Whether the client takes a page in the form it has. A backend without JSON gives HTML to those who would rather have JSON; that
     * is what they get from here too, unless they can read nothing else.
     */
    boolean takesForm(int status, HttpHeaders answered) {
        if (form.isEmpty() || status != 200 || CacheRequest.hasForm(answered, form)) {
            return true;
        }
        String type = answered.get(HttpHeaderNames.CONTENT_TYPE);
        List<String> accept = request.headers().getAll(HttpHeaderNames.ACCEPT);
        return type != null
                && !isFormByQuery()
                && SimpleFormat.accepts(accept.isEmpty() ? null : String.join(",", accept), type);
    }

    /** Whether the query says which form is wanted, and {@code Accept} another. */
    private boolean isFormByQuery() {
        return !form.isEmpty() && !form.equals(VariantKey.simpleForm(request.headers(), key.target()));
    }

    /** Whether an answer to somebody else's request is one to this as well (RFC 9111 4.1). */
    boolean isMeant(StoredAnswer answer) {
        return answer.isMeantFor(ResponseCache.variant(answer.policy().vary(), request.headers(), form))
                && mayBeGiven(answer);
    }

    /** What the cache can do for this request, or null if it is none of the cache's business. */
    static @Nullable CacheUse of(ResponseCache cache, Plan plan, HttpRequest request, boolean secure) {
        return cache.isOn() && plan.caches() ? new CacheUse(cache, plan, request, secure) : null;
    }

    /** Where answers to such a request are kept: a backend may send those who come in clear elsewhere. */
    static CacheKey keyOf(Plan plan, HttpRequest request, boolean secure) {
        return CacheKey.of(
                secure ? plan.backend().name() + " over TLS" : plan.backend().name(),
                request.headers().get(HttpHeaderNames.HOST),
                request.uri(),
                plan.api(),
                ResponseCache.keepsQuery(plan.api()));
    }

    // ---- the disk

    /** Whether there may be an answer on the disk, and none is in memory. */
    boolean mayRecall() {
        return !inMemory && cache.mayRecall(key);
    }

    /** Looks on the disk; {@code then} is given what is there, with a count, on another thread. */
    void recall(Consumer<@Nullable StoredAnswer> then) {
        // the request's own may be changed if we do not wait for it
        cache.recall(key, request.headers().copy(), form, then);
    }

    /** It was on the disk; takes over a count, which is held until {@link #end()}: memory may have no room for it. */
    void recalled(StoredAnswer answer) {
        if (mayBeGiven(answer)) {
            found = answer;
            owned = true;
        } else {
            answer.release();
        }
    }

    /** The exchange is over. */
    void end() {
        StoredAnswer held = found;
        if (owned && held != null) {
            owned = false;
            found = null;
            held.release();
        }
    }

    CacheKey key() {
        return key;
    }

    /**
     * What the backend is asked for on behalf of everybody whom the answer will be given to: the one spelling that all of theirs
     * are kept under, so that what is no part of the key is no part of the answer.
     */
    String sharedTarget() {
        return isFormByQuery() ? key.target() + "?format=" + form.replace("+", "%2B") : key.target();
    }

    /** The form of page that the request gets, or empty. */
    String form() {
        return form;
    }

    HttpRequest request() {
        return request;
    }

    /** What was found, fresh or not. */
    @Nullable StoredAnswer found() {
        return found;
    }

    /** What was found, if it need not be asked for again. */
    @Nullable StoredAnswer fresh(long nowNanos) {
        StoredAnswer kept = found;
        boolean fit = kept != null
                && (kept.isFresh(nowNanos) || (kept.freshFor(nowNanos) <= 0 && stretched(kept, nowNanos)))
                && directives.allows(kept.age(nowNanos), kept.freshFor(nowNanos));
        return fit ? kept : null;
    }

    /** The client takes a stale answer, and the backend does not forbid it. */
    private boolean stretched(StoredAnswer kept, long nowNanos) {
        return directives.maxStale() > 0 && kept.mayStandIn(nowNanos, Long.MAX_VALUE / 2);
    }

    /** What was found, if it may be given while the backend is asked. */
    @Nullable StoredAnswer bridging(long nowNanos) {
        StoredAnswer kept = found;
        return kept != null && kept.mayBridge(nowNanos) && directives.allows(kept.age(nowNanos), 1) ? kept : null;
    }

    /** What was found, if it may be given because the backend has no answer. */
    @Nullable StoredAnswer standIn(long nowNanos) {
        StoredAnswer kept = found;
        return kept != null && kept.mayStandIn(nowNanos, plan.route().grace().toSeconds()) ? kept : null;
    }

    /** Why the backend is asked (RFC 9211 2.2). */
    CacheStatus.Forward reason(long nowNanos) {
        StoredAnswer kept = found;
        if (kept != null) {
            return kept.isFresh(nowNanos) ? CacheStatus.Forward.REQUEST : CacheStatus.Forward.STALE;
        }
        if (forOthers) {
            return CacheStatus.Forward.REQUEST;
        }
        return forOtherKinds ? CacheStatus.Forward.VARY_MISS : CacheStatus.Forward.URI_MISS;
    }

    /** Whether the client wants nothing that is not here. */
    boolean onlyIfCached() {
        return directives.onlyIfCached();
    }

    /** Whether others may be given the answer that this request brings. */
    boolean mayFill() {
        return !alone && HttpMethod.GET.equals(request.method()) && !isSpecial() && !cache.passes(key);
    }

    /** Whether the request itself asks for an answer of its own. */
    boolean isSpecial() {
        HttpHeaders headers = request.headers();
        return directives.noStore()
                || headers.contains(HttpHeaderNames.AUTHORIZATION)
                || headers.contains(HttpHeaderNames.RANGE);
    }

    /** The answer turned out to be for one client only: this request asks for itself. */
    void goAlone() {
        alone = true;
    }
}
