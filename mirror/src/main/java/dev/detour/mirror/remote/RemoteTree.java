package dev.detour.mirror.remote;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.answer.Answers;
import dev.detour.mirror.tree.TreeFile;
import dev.detour.mirror.tree.TreeSource;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a tree behind a web server: pages are fetched when they are asked for and asked for again after a minute; the
 * project list and the age come from {@link RemoteRoot}. While the server fails, what was fetched before is what there is.
 * Thread-safe.
 */
final class RemoteTree implements TreeSource {
    static final Duration LIMIT = Duration.ofSeconds(3);
    private static final Duration PROMISES_LIMIT = Duration.ofSeconds(2);
    private static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Duration FAILED_FOR = Duration.ofSeconds(5);
    private static final long CACHE_BYTES = 64L << 20;
    private static final long MOST_FAILURES = 10_000;
    private static final int ENTRY_OVERHEAD = 400;
    private static final int LOCKS = 64;

    private final Location location;
    private final Fetcher fetcher;
    private final RemoteRoot root;
    private final PromisedFiles promises;
    private final LongSupplier nanos;
    private final Cache<String, Fetched> files;
    private final Cache<String, String> failures;
    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);

    RemoteTree(Location location, Web web, Clock clock, LongSupplier nanos) {
        this.location = location;
        this.nanos = nanos;
        this.fetcher = new Fetcher(location, web, clock, nanos);
        this.root = new RemoteRoot(location, fetcher);
        this.promises = new PromisedFiles(location, web, LIMIT, PROMISES_LIMIT, nanos);
        this.files = Caffeine.newBuilder()
                .maximumWeight(CACHE_BYTES)
                .weigher((String name, Fetched fetched) -> fetched.weight() + name.length() + ENTRY_OVERHEAD)
                .executor(Runnable::run)
                .build();
        this.failures = Caffeine.newBuilder()
                .maximumSize(MOST_FAILURES)
                .expireAfterWrite(FAILED_FOR)
                .ticker(nanos::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    RemoteRoot root() {
        return root;
    }

    @Override
    public @Nullable TreeFile find(String relative) throws IOException {
        if (!TreeSource.isPlain(relative) || relative.endsWith("/index.v1_html")) {
            // bandersnatch writes the same bytes under that name as under index.html
            return null;
        }
        if (RemoteRoot.has(relative)) {
            return root.find(relative);
        }
        return root.layout().excludes(relative) ? null : page(relative);
    }

    private @Nullable RemoteFile page(String relative) throws IOException {
        Fetched known = files.getIfPresent(relative);
        if (known != null && nanos.getAsLong() - known.checkedAt() < FRESH_NANOS) {
            return known.file();
        }
        ReentrantLock fetching = locks[Math.floorMod(relative.hashCode(), locks.length)];
        fetching.lock();
        try {
            Fetched before = files.getIfPresent(relative);
            if (before != null && nanos.getAsLong() - before.checkedAt() < FRESH_NANOS) {
                return before.file();
            }
            Fetched fetched = fetch(relative, before);
            files.put(relative, fetched);
            return fetched.file();
        } catch (IOException e) {
            if (known == null) {
                throw e;
            }
            // that it was not there is knowledge, too: the page of a project is made of what is there and what is not
            return known.file();
        } finally {
            fetching.unlock();
        }
    }

    private Fetched fetch(String relative, @Nullable Fetched before) throws IOException {
        String failure = failures.getIfPresent(relative);
        if (failure != null) {
            throw new IOException(failure);
        }
        try {
            return fetcher.fetch(relative, before, LIMIT);
        } catch (IOException e) {
            failures.put(relative, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    @Override
    public boolean holds(String relative) {
        return TreeSource.isPlain(relative) && promises.holds(relative);
    }

    @Override
    public void expect(Collection<String> relatives) {
        promises.expect(relatives.stream().filter(TreeSource::isPlain).toList());
    }

    /** Sends the client to the server: files are what it has the bandwidth for. */
    @Override
    public @Nullable MirrorAnswer releaseFile(String path, MirrorRequest request, Duration age) throws IOException {
        String relative = "packages/" + path;
        if (!promises.require(relative)) {
            return null;
        }
        Map<String, String> headers = Answers.common(age);
        headers.put("Location", location.of(relative).toString());
        return Answers.found(302, headers, 0, request, Answers.NOTHING);
    }
}
