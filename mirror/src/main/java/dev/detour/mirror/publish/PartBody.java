package dev.detour.mirror.publish;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A body that is written as it comes, block by block. */
final class PartBody implements HttpResponse.BodySubscriber<PartFile> {
    private final PartFile part;
    private final AtomicLong progressAt;
    private final CompletableFuture<PartFile> done = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    /**
     * Writes what comes.
     *
     * @param progressAt set to the time, in nanoseconds, whenever something came
     */
    PartBody(PartFile part, AtomicLong progressAt) {
        this.part = part;
        this.progressAt = progressAt;
    }

    @Override
    public CompletionStage<PartFile> getBody() {
        return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        progressAt.set(System.nanoTime());
        try {
            for (ByteBuffer buffer : buffers) {
                if (!part.add(buffer)) {
                    throw new IOException("more bytes than it can have");
                }
            }
            if (subscription != null) {
                subscription.request(1);
            }
        } catch (IOException e) {
            if (subscription != null) {
                subscription.cancel();
            }
            done.completeExceptionally(e);
        }
    }

    @Override
    public void onError(Throwable problem) {
        done.completeExceptionally(problem);
    }

    @Override
    public void onComplete() {
        done.complete(part);
    }
}
