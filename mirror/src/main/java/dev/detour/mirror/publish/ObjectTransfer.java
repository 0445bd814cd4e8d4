package dev.detour.mirror.publish;

import dev.detour.mirror.store.DurableFile;
import dev.detour.mirror.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Fetches objects of a publication, some at a time, each to its end and checked, or fails with the name of one. */
final class ObjectTransfer {
    private static final int AT_ONCE = 4;
    private static final int ATTEMPTS = 3;

    private final Remote remote;
    private final Followed followed;

    ObjectTransfer(Remote remote, Followed followed) {
        this.remote = remote;
        this.followed = followed;
    }

    /** Fetches all of them; what has come whole is kept also if this fails. */
    void fetch(List<PublishedFile> files) throws IOException {
        AtomicInteger threads = new AtomicInteger();
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE, task -> {
            Thread thread = new Thread(task, "detour-follow-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        try {
            ExecutorCompletionService<Path> transfers = new ExecutorCompletionService<>(workers);
            List<Future<Path>> all = new ArrayList<>();
            for (PublishedFile file : files) {
                all.add(transfers.submit(() -> fetch(file)));
            }
            for (int i = 0; i < all.size(); i++) {
                transfers.take().get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException problem) {
                throw new IOException(problem.getMessage(), problem);
            }
            throw new IllegalStateException("a transfer failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while fetching objects");
        } finally {
            workers.shutdownNow();
        }
    }

    private Path fetch(PublishedFile file) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Path part = followed.part(file);
            long before = Files.exists(part) ? Files.size(part) : 0;
            try {
                return fetch(file, part, before > 0);
            } catch (StoreException e) {
                // the bytes are wrong: they will not become right
                throw e;
            } catch (IOException e) {
                boolean progress = Files.exists(part) && Files.size(part) > before;
                if (attempt >= ATTEMPTS || !progress || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
    }

    private Path fetch(PublishedFile file, Path part, boolean resumed) throws IOException {
        String hash = remote.fetch(file.path(), part, file.size());
        if (hash.equals(file.sha256())) {
            Path whole = followed.whole(file);
            DurableFile.move(part, whole);
            return whole;
        }
        Files.delete(part);
        if (resumed) {
            // the two parts may be of two publications
            return fetch(file, part, false);
        }
        throw new StoreException(remote.name(file.path()) + " (" + file.name() + ") has the hash " + hash
                + " (expected: the one in its name)");
    }
}
