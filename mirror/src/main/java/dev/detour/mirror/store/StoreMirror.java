package dev.detour.mirror.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.MirrorStatus;
import dev.detour.mirror.answer.Answers;
import dev.detour.mirror.answer.FileAnswer;
import dev.detour.mirror.answer.Page;
import dev.detour.mirror.answer.PageKey;
import dev.detour.mirror.answer.Validators;
import dev.detour.mirror.document.NoSuchReleaseException;
import dev.detour.mirror.page.SimpleFormat;
import dev.detour.mirror.tombstone.Tombstone;
import dev.detour.mirror.tombstone.Withdrawn;
import dev.detour.mirror.tombstone.WithheldException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The generation in force of a store as a mirror. A request sees one generation from its beginning to its end.
 *
 * <p>A name is absent if the generation has a project list that lacks it, no page of it, and nothing to do about it. Everything
 * else that is not there is unavailable. Thread-safe.
 */
public final class StoreMirror implements Mirror {
    private static final long CACHE_BYTES = 64L << 20;
    private static final int ENTRY_OVERHEAD = 512;

    /** Clocks of two machines differ a little; a copy from a later future has no known age. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final String name;
    private final Duration maxAge;
    private final Generations generations;
    private final FileVault files;
    private final Supplier<Withdrawn> tombstones;
    private final Clock clock;
    private final Supplier<@Nullable String> doubt;
    private final Cache<Key, Page> pages = Caffeine.newBuilder()
            .maximumWeight(CACHE_BYTES)
            .weigher((Key key, Page page) -> page.size() + ENTRY_OVERHEAD)
            .executor(Runnable::run)
            .build();

    /** What is sealed, and what is withheld of it, never changes. */
    private record Key(long generation, long tombstones, PageKey page) {}

    /**
     * A store as a mirror.
     *
     * @param maxAge how long after its confirmation a generation is fit to be served
     * @param tombstones what must not be served; asked for at every request
     * @param doubt why the copy is not to be trusted although it is young, or null; asked at every request
     */
    public StoreMirror(
            String name,
            Duration maxAge,
            Generations generations,
            FileVault files,
            Supplier<Withdrawn> tombstones,
            Clock clock,
            Supplier<@Nullable String> doubt) {
        this.name = name;
        this.maxAge = maxAge;
        this.generations = generations;
        this.files = files;
        this.tombstones = tombstones;
        this.clock = clock;
        this.doubt = doubt;
    }

    @Override
    public MirrorStatus status() {
        try (Generation.Lease lease = generations.current()) {
            return lease == null ? new MirrorStatus(false, null, generations.problem()) : status(lease.generation());
        }
    }

    private MirrorStatus status(Generation generation) {
        Duration age = age(generation);
        String unfit = unfit(generation, age);
        return new MirrorStatus(
                unfit == null,
                age,
                unfit != null
                        ? unfit
                        : "generation " + generation.number() + ", "
                                + generation.manifest().listed() + " projects, " + seconds(age) + " old");
    }

    /** How long ago the index agreed with it, or null if that lies ahead of the clock. */
    private @Nullable Duration age(Generation generation) {
        Instant now = clock.instant();
        Instant confirmed = generation.confirmedAt();
        if (confirmed.isAfter(now)) {
            return confirmed.isAfter(now.plus(CLOCK_SKEW)) ? null : Duration.ZERO;
        }
        return Duration.between(confirmed, now);
    }

    /** Why it must not be served now, or null. */
    private @Nullable String unfit(Generation generation, @Nullable Duration age) {
        if (generation.manifest().listed() == 0) {
            return "generation " + generation.number() + " has no project list";
        }
        if (age == null) {
            return "it was confirmed at " + generation.confirmedAt() + ", which lies ahead of the clock";
        }
        if (age.compareTo(maxAge) > 0) {
            return "generation " + generation.number() + " is " + seconds(age) + " old (limit: " + seconds(maxAge)
                    + ")";
        }
        return doubt.get();
    }

    private static String seconds(@Nullable Duration age) {
        return age == null ? "of unknown age" : age.toSeconds() + " s";
    }

    @Override
    public @Nullable AtHand atHand(MirrorRequest request) {
        Withdrawn withdrawn = tombstones.get();
        Tombstone tombstone = withdrawn.whole(request.resource());
        if (tombstone != null) {
            return new AtHand(withheld(tombstone.detail()), false);
        }
        PageKey key = PageKey.of(request);
        if (key == null || key.redirects(request)) {
            return null;
        }
        try (Generation.Lease lease = generations.atHand()) {
            if (lease == null) {
                return null;
            }
            Generation generation = lease.generation();
            Page page = pages.getIfPresent(new Key(generation.number(), withdrawn.version(), key));
            Duration age = page == null ? null : age(generation);
            return page == null || age == null || unfit(generation, age) != null
                    ? null
                    : new AtHand(Answers.page(page, request, age), generations.isDue());
        }
    }

    @Override
    public MirrorAnswer answer(MirrorRequest request) {
        Withdrawn withdrawn = tombstones.get();
        Tombstone tombstone = withdrawn.whole(request.resource());
        if (tombstone != null) {
            return withheld(tombstone.detail());
        }
        try (Generation.Lease lease = generations.current()) {
            if (lease == null) {
                return unavailable(generations.problem());
            }
            MirrorStatus status = status(lease.generation());
            Duration age = status.age();
            if (!status.fit() || age == null) {
                return unavailable(status.detail());
            }
            return answer(request, lease.generation(), age, withdrawn);
        } catch (WithheldException e) {
            return withheld(String.valueOf(e.getMessage()));
        } catch (NoSuchReleaseException e) {
            // the project list proves names absent, not releases: this one may be younger than the copy
            return unavailable(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return unavailable(e.toString());
        }
    }

    @Override
    public boolean withholds(MirrorResource resource) {
        return tombstones.get().concerns(resource);
    }

    private MirrorAnswer withheld(String detail) {
        return new MirrorAnswer.Absent(name + ": " + detail);
    }

    private MirrorAnswer unavailable(String detail) {
        return new MirrorAnswer.Unavailable(name + ": " + detail);
    }

    private MirrorAnswer answer(MirrorRequest request, Generation generation, Duration age, Withdrawn withdrawn)
            throws IOException {
        StorePages made = new StorePages(generation.view(), files, withdrawn);
        if (request.resource() instanceof MirrorResource.SimpleIndex) {
            return index(request, generation, age, withdrawn);
        }
        if (request.resource() instanceof MirrorResource.File file) {
            return file(file.path(), request, generation, made, age);
        }
        PageKey key = PageKey.of(request);
        if (key == null) {
            return new MirrorAnswer.Absent(name + ": no project can have this name");
        }
        StoreView view = generation.view();
        if (key.redirects(request)) {
            boolean known = view.listed(key.project()) != null || view.state(key.project()) != null;
            return known ? Answers.redirect(key.project(), request, age) : missing(key.project(), view);
        }
        Page page = page(new Key(generation.number(), withdrawn.version(), key), made);
        return page == null ? missing(key.project(), view) : Answers.page(page, request, age);
    }

    private @Nullable Page page(Key key, StorePages made) throws IOException {
        Page page = pages.getIfPresent(key);
        if (page == null) {
            page = made.page(key.page());
            if (page != null) {
                pages.put(key, page);
            }
        }
        return page;
    }

    /** A project without what was asked for. */
    private MirrorAnswer missing(String project, StoreView view) throws IOException {
        if (view.listed(project) != null) {
            return unavailable(project + " is listed, but the copy has no such page of it");
        }
        if (view.state(project) != null) {
            return unavailable(project + " is not listed, but the copy has a page of it");
        }
        Task task = view.task(project);
        if (task != null && task.entry() != null) {
            return unavailable(project + " is listed by the index, and has not been copied yet"
                    + (task.error() == null ? "" : ": " + task.error()));
        }
        return new MirrorAnswer.Absent(name + ": " + project + " is not in the project list");
    }

    private MirrorAnswer index(MirrorRequest request, Generation generation, Duration age, Withdrawn withdrawn)
            throws IOException {
        SimpleFormat format = SimpleFormat.negotiate(request.accept(), request.format());
        Path file = generation.index(format, withdrawn);
        Manifest manifest = generation.manifest();
        Validators validators = new Validators(
                "\"detour-m-" + manifest.listHash().substring(0, 24) + "-"
                        + (withdrawn.withholdsProjects() ? withdrawn.version() + "-" : "")
                        + (format.isJson() ? "json" : format == SimpleFormat.V1_HTML ? "v1-html" : "html") + "\"",
                withdrawn.modified(manifest.sealedAt()));
        return Answers.file(
                file, Files.size(file), format.mediaType(), serial(generation.view()), validators, request, age);
    }

    private static OptionalLong serial(StoreView view) throws StoreException {
        ObjectNode head = view.listHead();
        JsonNode serial = head == null ? null : head.path("meta").path("_last-serial");
        return serial != null && serial.isIntegralNumber() ? OptionalLong.of(serial.longValue()) : OptionalLong.empty();
    }

    private MirrorAnswer file(String path, MirrorRequest request, Generation generation, StorePages made, Duration age)
            throws IOException {
        Path file = made.file(path);
        StoredFile stored = generation.view().file(path);
        if (file == null || stored == null) {
            // a copy need not hold every file, so a missing one proves nothing
            return unavailable("packages/" + path + " is not kept");
        }
        String tag = "\"detour-m-" + stored.sha256().substring(0, 32) + "\"";
        Instant modified = Files.getLastModifiedTime(file).toInstant();
        return new FileAnswer(file, path, stored.size(), modified, tag).answer(request, age);
    }
}
