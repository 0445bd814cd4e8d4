package dev.detour.proxy.exchange;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.proxy.loop.Sweep;
import dev.detour.proxy.loop.Timed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends part of a file, block by block: each block is read off the event loop, and only when the client has taken the one
 * before. Unlike {@code sendfile} it never blocks the loop on a slow disk, and it is the same over TLS. A disk that stalls is
 * given up: before the head somebody else may answer, after it the transfer is broken.
 */
final class FilePump extends LocalAnswer implements Timed {
    private static final Logger LOG = LoggerFactory.getLogger(FilePump.class);
    private static final int BLOCK = 128 * 1024;
    private static final long FIRST_BLOCK_NANOS = TimeUnit.SECONDS.toNanos(MirrorInquiry.LIMIT_SECONDS);
    private static final long NEXT_BLOCK_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Exchange exchange;
    private final Worker worker;
    private final HttpResponse head;
    private final MirrorAnswer.Body.FileRange range;

    // the event loop's
    private long sent;
    private boolean reading;
    private long readingSince;
    private boolean over;
    private Sweep.@Nullable Registration deadline;

    // the reader's: one read at a time, each handed over through the executor
    private @Nullable FileChannel file;

    FilePump(Exchange exchange, Worker worker, HttpResponse head, MirrorAnswer.Body.FileRange range) {
        this.exchange = exchange;
        this.worker = worker;
        this.head = head;
        this.range = range;
    }

    @Override
    void begin() {
        deadline = worker.clientSweep().add(this);
        // the first block before the head: a file that cannot be read must not be promised
        readNext();
    }

    @Override
    void onWritable() {
        readNext();
    }

    private void readNext() {
        if (reading || over) {
            return;
        }
        reading = true;
        readingSince = worker.nanoTime();
        long position = range.offset() + sent;
        int size = (int) Math.min(BLOCK, range.length() - sent);
        Runnable read = () -> {
            ByteBuf block = Unpooled.EMPTY_BUFFER;
            try {
                block = ByteBufAllocator.DEFAULT.directBuffer(size);
                fill(block, position, size);
                ByteBuf filled = block;
                onLoop(() -> onBlock(filled), filled);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                block.release();
                LOG.warn("cannot read {}: {}", range.file(), e.toString());
                onLoop(this::onUnreadable, Unpooled.EMPTY_BUFFER);
            }
        };
        boolean begun =
                sent == 0 ? worker.readers().offer(read) : worker.readers().execute(read);
        if (!begun) {
            onUnreadable();
        }
    }

    @Override
    public void onTick(long nowNanos) {
        if (reading && nowNanos - readingSince > (sent == 0 ? FIRST_BLOCK_NANOS : NEXT_BLOCK_NANOS)) {
            LOG.warn("cannot read {}: the disk gives nothing", range.file());
            giveUp();
        }
    }

    private void onLoop(Runnable task, ByteBuf block) {
        try {
            worker.loop().execute(task);
        } catch (RejectedExecutionException e) {
            // the loop is gone, and the client with it
            block.release();
        }
    }

    private void fill(ByteBuf block, long position, int size) throws IOException {
        FileChannel open = file;
        if (open == null) {
            open = FileChannel.open(range.file(), StandardOpenOption.READ);
            file = open;
        }
        while (block.writableBytes() > 0 && block.readableBytes() < size) {
            int read = block.writeBytes(open, position + block.readableBytes(), size - block.readableBytes());
            if (read < 0) {
                throw new EOFException("shorter than it was: ended at " + (position + block.readableBytes()));
            }
        }
    }

    private void onBlock(ByteBuf block) {
        reading = false;
        if (over) {
            block.release();
            closeFile();
            return;
        }
        if (sent == 0) {
            exchange.writeLocalHead(Source.MIRROR, head);
        }
        sent += block.readableBytes();
        boolean last = sent == range.length();
        exchange.writeContent(last ? new DefaultLastHttpContent(block) : new DefaultHttpContent(block));
        if (!last) {
            exchange.flushClient();
            if (exchange.clientWritable()) {
                readNext();
            }
        }
    }

    private void onUnreadable() {
        reading = false;
        if (over) {
            closeFile();
        } else {
            giveUp();
        }
    }

    private void giveUp() {
        if (sent == 0) {
            cancel();
            exchange.onLocalAnswerUnavailable();
        } else {
            exchange.onLocalFailure();
        }
    }

    @Override
    void cancel() {
        if (!over) {
            over = true;
            if (deadline != null) {
                deadline.cancel();
            }
            if (!reading) {
                closeFile();
            }
        }
    }

    private void closeFile() {
        boolean begun = worker.readers().execute(() -> {
            FileChannel open = file;
            file = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    LOG.debug("closing {}", range.file(), e);
                }
            }
        });
        if (!begun) {
            LOG.debug("shutting down: {} is left open", range.file());
        }
    }
}
