package dev.detour.proxy.exchange;

import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a mirror: at once for what is in its memory, else off the event loop, because it reads files. */
final class MirrorInquiry {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorInquiry.class);
    /** How long a client waits for a disk. */
    static final long LIMIT_SECONDS = 5;

    private final Consumer<MirrorAnswer> answered;
    /** Confined to the loop. */
    private boolean settled;

    private MirrorInquiry(Consumer<MirrorAnswer> answered) {
        this.answered = answered;
    }

    /** Asks; {@code answered} is called once, on the loop. */
    static void ask(
            Worker worker,
            Mirror mirror,
            HttpRequest request,
            MirrorResource resource,
            Consumer<MirrorAnswer> answered) {
        MirrorRequest asked = translate(request, resource);
        Mirror.AtHand atHand = atHandOf(mirror, asked);
        if (atHand != null) {
            if (atHand.look()) {
                // a full queue looks often enough
                var unused = worker.readers().offer(() -> answerOf(mirror, asked));
            }
            answered.accept(atHand.answer());
            return;
        }
        MirrorInquiry inquiry = new MirrorInquiry(answered);
        // a file system may hang for ever; the client must not
        Future<?> limit = worker.loop()
                .schedule(
                        () -> inquiry.settle(new MirrorAnswer.Unavailable("no answer within " + LIMIT_SECONDS + " s")),
                        LIMIT_SECONDS,
                        TimeUnit.SECONDS);
        boolean begun = worker.readers().offer(() -> {
            // nobody waits any longer
            if (!limit.isDone()) {
                MirrorAnswer answer = answerOf(mirror, asked);
                worker.loop().execute(() -> inquiry.settle(limit, answer));
            }
        });
        if (!begun) {
            inquiry.settle(limit, new MirrorAnswer.Unavailable("too many wait for the disk"));
        }
    }

    private void settle(Future<?> limit, MirrorAnswer answer) {
        limit.cancel(false);
        settle(answer);
    }

    private void settle(MirrorAnswer answer) {
        if (!settled) {
            settled = true;
            answered.accept(answer);
        }
    }

    private static Mirror.@Nullable AtHand atHandOf(Mirror mirror, MirrorRequest asked) {
        try {
            return mirror.atHand(asked);
        } catch (RuntimeException e) {
            return new Mirror.AtHand(broken(asked, e), false);
        }
    }

    private static MirrorAnswer answerOf(Mirror mirror, MirrorRequest asked) {
        try {
            return mirror.answer(asked);
        } catch (RuntimeException | Error e) {
            return broken(asked, e);
        }
    }

    /** A bug of ours, or no memory for a page: the client must still be answered. */
    private static MirrorAnswer broken(MirrorRequest asked, Throwable e) {
        LOG.error("mirror failed on {}", asked.resource(), e);
        return new MirrorAnswer.Unavailable("internal error: " + e);
    }

    private static MirrorRequest translate(HttpRequest request, MirrorResource resource) {
        HttpHeaders headers = request.headers();
        return new MirrorRequest(
                resource,
                HttpMethod.HEAD.equals(request.method()),
                acceptOf(headers),
                formatOf(request.uri()),
                headers.get(HttpHeaderNames.IF_NONE_MATCH),
                headers.get(HttpHeaderNames.IF_MODIFIED_SINCE),
                headers.get(HttpHeaderNames.RANGE),
                headers.get(HttpHeaderNames.IF_RANGE));
    }

    /** Several {@code Accept} lines are one list (RFC 9110 5.3). */
    static @Nullable String acceptOf(HttpHeaders headers) {
        List<String> lines = headers.getAll(HttpHeaderNames.ACCEPT);
        if (lines.isEmpty()) {
            return null;
        }
        return lines.size() == 1 ? lines.get(0) : String.join(",", lines);
    }

    private static @Nullable String formatOf(String target) {
        if (target.indexOf('?') < 0) {
            return null;
        }
        try {
            List<String> values = new QueryStringDecoder(target).parameters().get("format");
            // nobody encodes the plus of a media type, which has no spaces
            return values == null ? null : values.get(0).replace(' ', '+');
        } catch (IllegalArgumentException e) {
            // a query that cannot be decoded asks for no format
            return null;
        }
    }
}
