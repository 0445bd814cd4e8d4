package dev.detour.proxy.exchange;

import dev.detour.proxy.cache.ByteRange;
import dev.detour.proxy.cache.CacheKey;
import dev.detour.proxy.cache.Conditions;
import dev.detour.proxy.cache.Form;
import dev.detour.proxy.cache.Forms;
import dev.detour.proxy.cache.StoredAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer out of the cache, or on its way into it. It holds a count of the answer's body, of which it sends slices, as far as
 * they are there.
 */
final class StoredReply extends LocalAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(StoredReply.class);

    private final Exchange exchange;
    private final Worker worker;
    private final HttpRequest request;
    private final Forms forms;
    private final CacheKey key;
    private final StoredAnswer answer;
    private final @Nullable Fill fill;
    private final Source source;
    private final CharSequence cacheStatus;

    private ByteBuf body;
    private long position;
    private long end;
    private boolean begun;
    private boolean over;

    /**
     * An answer, with a count of its body.
     *
     * @param fill who is still bringing it, or null if all of it is there
     */
    StoredReply(
            Exchange exchange,
            Worker worker,
            HttpRequest request,
            CacheKey key,
            StoredAnswer answer,
            @Nullable Fill fill,
            Source source,
            CharSequence cacheStatus) {
        this.exchange = exchange;
        this.worker = worker;
        this.request = request;
        this.forms = worker.fills().cache().forms();
        this.key = key;
        this.answer = answer;
        this.body = answer.body();
        this.fill = fill;
        this.source = source;
        this.cacheStatus = cacheStatus;
    }

    @Override
    void begin() {
        int status = Conditions.statusFor(request.headers(), answer.status(), answer.headers());
        if (fill != null) {
            begin(status, forms.formOnArrival(answer, fill.length()), fill.length());
            return;
        }
        Form form = forms.formFor(answer, request.headers());
        if (form.mayImprove() && status == answer.status()) {
            forms.improve(key, answer, form, this::onImproved);
        } else {
            begin(status, form, form.body().readableBytes());
        }
    }

    /** On another thread. */
    private void onImproved() {
        try {
            worker.loop().execute(this::beginImproved);
        } catch (RejectedExecutionException e) {
            LOG.debug("the loop is gone, and the client with it", e);
        }
    }

    private void beginImproved() {
        try {
            if (!over) {
                Form form = forms.formFor(answer, request.headers());
                begin(answer.status(), form, form.body().readableBytes());
            }
        } catch (RuntimeException e) {
            exchange.onBug(e);
        }
    }

    private void begin(int statusNow, Form form, long total) {
        int status = statusNow;
        HttpHeaders headers = answer.headers().copy();
        form.describe(headers, status);
        body = form.body();
        long age = answer.age(worker.nanoTime());
        if (source != Source.BACKEND || age > 0) {
            headers.set(HttpHeaderNames.AGE, age);
        }
        headers.add(DetourHeaders.CACHE_STATUS, cacheStatus);
        position = 0;
        end = total;
        if (status == answer.status()) {
            status = choosePart(headers, status, total);
            if (status != 204) {
                headers.set(HttpHeaderNames.CONTENT_LENGTH, end - position);
            }
        }
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), headers);
        exchange.writeLocalHead(source, head);
        begun = true;
        if (status == 304 || HttpMethod.HEAD.equals(request.method()) || position == end) {
            exchange.writeContent(LastHttpContent.EMPTY_LAST_CONTENT);
        } else {
            writeMore();
        }
    }

    private int choosePart(HttpHeaders headers, int status, long total) {
        ByteRange range = status != 200 || HttpMethod.HEAD.equals(request.method())
                ? null
                : ByteRange.of(request.headers(), total, answer.headers());
        if (range == null) {
            return status;
        }
        if (range.equals(ByteRange.UNSATISFIABLE)) {
            headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + total);
            end = 0;
            return 416;
        }
        position = range.first();
        end = range.first() + range.length();
        headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes " + position + '-' + (end - 1) + '/' + total);
        return 206;
    }

    @Override
    void onWritable() {
        writeMore();
    }

    @Override
    void onProgress() {
        writeMore();
    }

    private void writeMore() {
        if (over || !begun) {
            return;
        }
        long there = fill == null ? end : Math.min(end, fill.written());
        if (there > position) {
            ByteBuf slice = body.retainedSlice((int) position, (int) (there - position));
            position = there;
            if (position == end) {
                exchange.writeContent(new DefaultLastHttpContent(slice));
                return;
            }
            exchange.writeContent(new DefaultHttpContent(slice));
            exchange.flushClient();
        }
        if (fill != null && fill.broken()) {
            exchange.onLocalFailure();
        }
    }

    @Override
    void cancel() {
        if (!over) {
            over = true;
            answer.release();
        }
    }
}
