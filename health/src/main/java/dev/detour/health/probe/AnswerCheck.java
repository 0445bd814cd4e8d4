package dev.detour.health.probe;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * What is demanded of an HTTP answer: its final status, the text in its body, and that the body arrives whole, or its first
 * 64 KiB if it is longer. Redirects are not followed: what a client would be told is what counts.
 */
final class AnswerCheck {
    /** How much of a body is read. */
    static final int LOOKED_AT = 64 * 1024;

    private final BackendConfig.Probe probe;
    private final @Nullable BodySearch search;

    private boolean headSeen;
    private int seen;
    private @Nullable Failure failure;

    AnswerCheck(BackendConfig.Probe probe) {
        this.probe = probe;
        String body = probe.body();
        this.search = body == null ? null : new BodySearch(body);
    }

    /** Looks at the next part of the answer, which stays the caller's; says whether {@link #failure} is final. */
    boolean read(HttpObject message) {
        if (message.decoderResult().isFailure()) {
            return broken(message.decoderResult().cause());
        }
        if (message instanceof HttpResponse head && readHead(head.status().code())) {
            return true;
        }
        // before the head: the empty end of an interim answer
        return headSeen && message instanceof HttpContent content && readBody(content);
    }

    private boolean broken(Throwable cause) {
        if (cause instanceof PrematureChannelClosureException) {
            // the end of the connection follows, and knows more
            return false;
        }
        // only the class: its message has bytes of the peer
        return failed(Failure.of(
                FailureKind.MALFORMED, "answer is not HTTP: " + cause.getClass().getSimpleName()));
    }

    private boolean readHead(int status) {
        if (status < 100 || status == 101) {
            return failed(Failure.of(FailureKind.MALFORMED, "answer has the status " + status));
        }
        if (status < 200) {
            return false;
        }
        headSeen = true;
        boolean good = probe.statuses().stream().anyMatch(range -> range.contains(status));
        return !good && failed(Failure.status(status));
    }

    private boolean readBody(HttpContent content) {
        ByteBuf bytes = content.content();
        int length = Math.min(bytes.readableBytes(), LOOKED_AT - seen);
        seen += length;
        if (search != null) {
            search.feed(bytes, length);
        }
        if (!(content instanceof LastHttpContent) && seen < LOOKED_AT) {
            return false;
        }
        if (search != null && !search.found()) {
            failure = Failure.of(FailureKind.MALFORMED, "body does not contain \"" + probe.body() + "\"");
        }
        return true;
    }

    private boolean failed(Failure why) {
        failure = why;
        return true;
    }

    /** Whether the final answer's head has come. */
    boolean headSeen() {
        return headSeen;
    }

    /** What is wrong with the answer, or null for nothing; once {@link #read} has said that it is final. */
    @Nullable Failure failure() {
        return failure;
    }
}
