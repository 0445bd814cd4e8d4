package dev.detour.proxy.exchange;

import dev.detour.config.ApiClass;
import dev.detour.proxy.cache.CacheKey;
import dev.detour.proxy.cache.RequestDirectives;
import dev.detour.proxy.cache.ResponseCache;
import dev.detour.proxy.cache.StoredAnswer;
import dev.detour.proxy.cache.VariantKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** What the cache can do for one GET or HEAD: it has looked once, when the request came. */
final class CacheUse {
    private final ResponseCache cache;
    private final Plan plan;
    private final HttpRequest request;
    private final CacheKey key;
    private final String form;
    private final RequestDirectives directives;
    private final @Nullable StoredAnswer found;
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
        boolean forOthers = kept != null
                && headers.contains(HttpHeaderNames.AUTHORIZATION)
                && !kept.policy().shareable();
        this.found = forOthers ? null : kept;
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

    CacheKey key() {
        return key;
    }

    /**
     * What the backend is asked for on behalf of everybody whom the answer will be given to: the one spelling that all of theirs
     * are kept under, so that what is no part of the key is no part of the answer.
     */
    String sharedTarget() {
        boolean formByQuery = !form.isEmpty() && !form.equals(VariantKey.simpleForm(request.headers(), key.target()));
        return formByQuery ? key.target() + "?format=" + form.replace("+", "%2B") : key.target();
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
