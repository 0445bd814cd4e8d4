package dev.detour.proxy.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes stored bodies smaller, beside the event loops and once for each answer and coding. When it has too much to do, it
 * declines, and answers are given as they are. Thread-safe.
 */
final class Compressor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Compressor.class);
    /** A second's work with pages of the usual length: nobody should wait longer for something smaller. */
    private static final int MOST_WAITING = 200;

    private final ByteBufAllocator memory;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            0,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            new DefaultThreadFactory("detour-compressor", true));

    Compressor(ByteBufAllocator memory) {
        this.memory = memory;
    }

    /**
     * Settles a coding of an answer, sooner or later; the caller is the first to ask.
     *
     * @param settled is run then: the answer may have become heavier
     */
    void compress(StoredAnswer answer, ContentCoding coding, Runnable settled) {
        if (!answer.tryRetain()) {
            answer.coded().forget(coding);
            return;
        }
        try {
            thread.execute(() -> {
                try {
                    ByteBuf smaller = smaller(answer, coding);
                    answer.coded()
                            .settle(
                                    coding,
                                    smaller == null ? answer.oneOfSeveral() : Form.coded(answer, coding, smaller));
                    settled.run();
                } finally {
                    answer.release();
                }
            });
        } catch (RejectedExecutionException tooMuch) {
            answer.coded().forget(coding);
            answer.release();
        }
    }

    private @Nullable ByteBuf smaller(StoredAnswer answer, ContentCoding coding) {
        try {
            byte[] body = new byte[answer.body().readableBytes()];
            answer.body().getBytes(answer.body().readerIndex(), body);
            byte[] encoded = coding.encode(body);
            return encoded.length < body.length
                    ? memory.directBuffer(encoded.length, encoded.length).writeBytes(encoded)
                    : null;
        } catch (IOException | RuntimeException e) {
            LOG.warn("an answer could not be compressed as {}", coding.token(), e);
            return null;
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("a compression takes longer than 5 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
