package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Objects;

/** Chooses how stored answers are given: as they came, or in a coding that the client likes better. Thread-safe. */
public final class Forms {
    private final ResponseCache cache;
    private final Compressor compressor;
    private final boolean compresses;

    Forms(ResponseCache cache, Compressor compressor, boolean compresses) {
        this.cache = cache;
        this.compressor = compressor;
        this.compresses = compresses;
        if (compresses) {
            ContentCoding.load();
        }
    }

    /** The form for a client of an answer all of which is there. The caller holds a count of it. */
    public Form formFor(StoredAnswer answer, HttpHeaders request) {
        if (!compresses || !answer.isCompressible(answer.body().readableBytes())) {
            return answer.asItIs();
        }
        // offsets count the bytes that the backend sent
        ContentCoding coding = request.contains(HttpHeaderNames.RANGE) ? null : ContentCoding.acceptedBy(request);
        if (coding == null) {
            return answer.oneOfSeveral();
        }
        Form settled = answer.coded().form(coding);
        return settled == null ? answer.oneOfSeveral().until(coding) : settled;
    }

    /** The form while the body, of this length, is still arriving: it is given as it comes. */
    public Form formOnArrival(StoredAnswer answer, long length) {
        return compresses && answer.isCompressible(length) ? answer.oneOfSeveral() : answer.asItIs();
    }

    /** Has a better form made than {@code form}; {@code then} is run, on any thread, when {@link #formFor} knows it or never will. */
    public void improve(CacheKey key, StoredAnswer answer, Form form, Runnable then) {
        ContentCoding coding = Objects.requireNonNull(form.better());
        if (answer.coded().await(coding, then)) {
            compressor.compress(answer, coding, () -> cache.weighAnew(key, answer));
        }
    }
}
