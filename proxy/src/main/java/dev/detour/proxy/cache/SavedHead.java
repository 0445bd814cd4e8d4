package dev.detour.proxy.cache;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * All of a kept answer but its body, in the form it has on the disk.
 *
 * @param headers names and values by turns
 * @param targeted the same, of what was said to caches like this one only
 * @param bornMillis when it came, by the time of day: the clock that ages are counted by begins anew with every process
 */
record SavedHead(int status, List<String> headers, List<String> targeted, StorePolicy policy, long bornMillis) {
    private static final JsonMapper JSON = new JsonMapper();
    /** They were checked when they came. */
    private static final HttpHeadersFactory UNCHECKED =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    static SavedHead of(StoredAnswer answer, long nowMillis, long nowNanos) {
        long sinceBirth = answer.nanosSinceBirth(nowNanos) / 1_000_000;
        return new SavedHead(
                answer.status(),
                texts(answer.headers()),
                texts(answer.targeted()),
                answer.policy(),
                nowMillis - sinceBirth);
    }

    private static List<String> texts(HttpHeaders headers) {
        List<String> texts = new ArrayList<>();
        for (Map.Entry<String, String> each : headers) {
            texts.add(each.getKey());
            texts.add(each.getValue());
        }
        return texts;
    }

    byte[] toBytes() {
        return JSON.writeValueAsBytes(this);
    }

    /** Null for what cannot be read. */
    static @Nullable SavedHead parse(byte[] bytes) {
        try {
            return JSON.readValue(bytes, SavedHead.class);
        } catch (JacksonException e) {
            return null;
        }
    }

    /**
     * The answer as it was, {@code body} becoming its own. One that came later than now is stale: the clock was set back, and
     * nobody knows how old it is.
     */
    StoredAnswer withBody(ByteBuf body, AnswerDatabase.Row row, long nowMillis, long nowNanos) {
        long sinceBirth = Math.max(0, nowMillis - bornMillis);
        StoredAnswer answer = new StoredAnswer(
                status,
                headers(headers),
                headers(targeted),
                policy,
                row.variant(),
                body,
                nowNanos - TimeUnit.MILLISECONDS.toNanos(sinceBirth));
        if (row.outdated() || bornMillis > nowMillis) {
            answer.outdate();
        }
        return answer;
    }

    private static HttpHeaders headers(List<String> texts) {
        HttpHeaders headers = UNCHECKED.newHeaders();
        for (int i = 0; i + 1 < texts.size(); i += 2) {
            headers.add(texts.get(i), texts.get(i + 1));
        }
        return headers;
    }
}
