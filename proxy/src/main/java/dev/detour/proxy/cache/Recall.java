package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** One look on the disk for the answer to one request, on the disk's thread. */
final class Recall {
    private final ResponseCache cache;
    private final CacheKey key;
    private final HttpHeaders request;
    private final String form;
    /** From before it stands in the queue: what is forgotten from now on may be forgotten on the disk only after it has read. */
    private final long changesSeen;

    private boolean outdone;
    private @Nullable StoredAnswer answer;

    Recall(ResponseCache cache, CacheKey key, HttpHeaders request, String form) {
        this.cache = cache;
        this.key = key;
        this.request = request;
        this.form = form;
        this.changesSeen = cache.changes();
    }

    /** Whether there is no need to look: somebody before us has read it. */
    boolean isInMemory() {
        StoredAnswer kept = cache.find(key, request, form);
        answer = kept != null && kept.tryRetain() ? kept : null;
        return answer != null;
    }

    /** Whether this row is the one. */
    boolean wants(AnswerDatabase.Row row) {
        return ResponseCache.variant(row.head().policy().vary(), request, form).equals(row.variant());
    }

    /** It is here. */
    void found(AnswerDatabase.Row row, byte[] body) {
        if (body.length > cache.config().maxEntry()) {
            return;
        }
        StoredAnswer read = row.head()
                .withBody(cache.allocate(body.length).writeBytes(body), row, cache.wallMillis(), cache.nanoTime());
        outdone = !cache.promote(key, read, changesSeen);
        if (outdone) {
            read.release();
        } else {
            answer = read;
        }
    }

    /** Whether something was forgotten meanwhile, so that it has to be looked for once more. */
    boolean isOutdone() {
        return outdone;
    }

    /** What was found, with a count, or null. */
    @Nullable StoredAnswer answer() {
        return answer;
    }
}
