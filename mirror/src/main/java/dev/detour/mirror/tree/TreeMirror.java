package dev.detour.mirror.tree;

import dev.detour.config.MirrorConfig;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.MirrorStatus;
import dev.detour.mirror.answer.Answers;
import dev.detour.mirror.answer.Page;
import dev.detour.mirror.answer.PageKey;
import dev.detour.mirror.document.NoSuchReleaseException;
import dev.detour.mirror.page.SimpleFormat;
import dev.detour.mirror.promise.Promises;
import dev.detour.mirror.tombstone.Tombstone;
import dev.detour.mirror.tombstone.Withdrawn;
import dev.detour.mirror.tombstone.WithheldException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bandersnatch tree on disk as a mirror (its {@code web} directory; shadowmire's has the same form).
 *
 * <p>Three answers are kept apart. What is in the tree is found. A name that is neither in the tree nor in its project list
 * is absent: the list is complete and young enough, or the tree would not answer at all. Everything else is unavailable: a
 * listed project without a page, a file that may never have been copied, a page that cannot be read.
 *
 * <p>What has a tombstone is absent, whatever state the tree is in.
 *
 * <p>Thread-safe. Changes of the tree are seen within a second, those of the tombstones at once.
 */
public final class TreeMirror implements Mirror {
    private static final long CACHE_BYTES = 32L << 20;

    private final String name;
    private final Duration maxAge;
    private final Supplier<Withdrawn> tombstones;
    private final Clock clock;
    private final TreeWatch watch;
    private final PageCache<PageKey> pages;
    private final PageCache<SimpleFormat> indexes;

    /**
     * A mirror of a tree.
     *
     * @param tombstones what must not be served; asked for at every request
     */
    public TreeMirror(MirrorConfig config, Supplier<Withdrawn> tombstones, Clock clock) {
        this(config, tombstones, clock, System::nanoTime);
    }

    /** With the time source that says when files are looked at again, for tests. */
    TreeMirror(MirrorConfig config, Supplier<Withdrawn> tombstones, Clock clock, LongSupplier nanos) {
        this(
                config.name(),
                config.maxAge(),
                config.tree().toString(),
                () -> new TreePaths(config.tree()),
                tombstones,
                clock,
                nanos);
    }

    /**
     * A tree of any source.
     *
     * @param name of the mirror, for messages
     * @param maxAge oldest copy still fit to serve
     * @param place where the tree is, for messages, without a final slash
     * @param tombstones what must not be served; asked for at every request
     * @param nanos time source that says when files are looked at again
     */
    public TreeMirror(
            String name,
            Duration maxAge,
            String place,
            TreeSource.Opener opener,
            Supplier<Withdrawn> tombstones,
            Clock clock,
            LongSupplier nanos) {
        this.name = name;
        this.maxAge = maxAge;
        this.tombstones = tombstones;
        this.clock = clock;
        this.watch = new TreeWatch(place, opener, nanos);
        this.pages = PageCache.ofBytes(CACHE_BYTES, nanos, tombstones);
        this.indexes = PageCache.ofEntries(SimpleFormat.values().length, nanos, tombstones);
    }

    @Override
    public MirrorStatus status() {
        return watch.view().status(clock.instant(), maxAge);
    }

    @Override
    public @Nullable AtHand atHand(MirrorRequest request) {
        Tombstone tombstone = tombstones.get().whole(request.resource());
        if (tombstone != null) {
            return new AtHand(withheld(tombstone.detail()), false);
        }
        PageKey key = PageKey.of(request);
        Known<Page> page = key == null || key.redirects(request) ? null : pages.atHand(key);
        Known<TreeView> view = page == null ? null : watch.atHand();
        if (page == null || view == null) {
            return null;
        }
        MirrorStatus status = view.value().status(clock.instant(), maxAge);
        Duration age = status.age();
        return status.fit() && age != null
                ? new AtHand(Answers.page(page.value(), request, age), page.look() || view.look())
                : null;
    }

    @Override
    public MirrorAnswer answer(MirrorRequest request) {
        Tombstone tombstone = tombstones.get().whole(request.resource());
        if (tombstone != null) {
            return withheld(tombstone.detail());
        }
        TreeView view = watch.view();
        MirrorStatus status = view.status(clock.instant(), maxAge);
        Duration age = status.age();
        if (!status.fit() || age == null || !(view instanceof TreeView.Whole tree)) {
            return unavailable(status.detail());
        }
        try {
            return answer(request, tree, age);
        } catch (WithheldException e) {
            return withheld(String.valueOf(e.getMessage()));
        } catch (NoSuchReleaseException e) {
            // the project list proves names absent, not releases: this one may be younger than the copy
            return unavailable(String.valueOf(e.getMessage()));
        } catch (UnreadableFileException | LinkOutsideTreeException e) {
            return unavailable(String.valueOf(e.getMessage()));
        } catch (IOException | UncheckedIOException e) {
            // the message of a file system's exception is often the path alone
            return unavailable(e.toString());
        }
    }

    @Override
    public boolean withholds(MirrorResource resource) {
        return tombstones.get().concerns(resource);
    }

    private MirrorAnswer withheld(String detail) {
        return new MirrorAnswer.Absent(this.name + ": " + detail);
    }

    private MirrorAnswer unavailable(String detail) {
        return new MirrorAnswer.Unavailable(this.name + ": " + detail);
    }

    private MirrorAnswer answer(MirrorRequest request, TreeView.Whole tree, Duration age) throws IOException {
        MirrorResource resource = request.resource();
        if (resource instanceof MirrorResource.SimpleIndex) {
            SimpleFormat format = SimpleFormat.negotiate(request.accept(), request.format());
            Page page = indexes.get(format, tree.paths(), sources -> SimplePages.index(format, sources));
            return page == null ? unavailable("the project list is gone") : Answers.page(page, request, age);
        }
        if (resource instanceof MirrorResource.File file) {
            return file(file.path(), request, tree, age);
        }
        PageKey key = PageKey.of(request);
        if (key == null) {
            return new MirrorAnswer.Absent(this.name + ": no project can have this name");
        }
        if (key.redirects(request) && tree.names().contains(key.project())) {
            return Answers.redirect(key.project(), request, age);
        }
        Page page = pages.get(key, tree.paths(), sources -> page(key, sources));
        if (page == null) {
            return missing(key.project(), tree);
        }
        // a page that is not listed yet is redirected to as well
        return key.redirects(request)
                ? Answers.redirect(key.project(), request, age)
                : Answers.page(page, request, age);
    }

    private static @Nullable Page page(PageKey key, Sources sources) throws IOException {
        if (key.resource() instanceof MirrorResource.JsonRelease release) {
            return JsonDocuments.release(key.project(), release.version(), sources);
        }
        if (key.resource() instanceof MirrorResource.Provenance asked) {
            return provenance(key.project(), asked, key.contentType(), sources);
        }
        return key.resource() instanceof MirrorResource.JsonProject
                ? JsonDocuments.project(key.project(), sources)
                : SimplePages.project(key.project(), SimpleFormat.of(key.contentType()), sources);
    }

    /** A project without what was asked for. */
    private MirrorAnswer missing(String name, TreeView.Whole tree) throws IOException {
        if (tree.names().contains(name)) {
            return unavailable(name + " is listed, but the tree has no such page of it");
        }
        if (SimplePages.isKnown(name, tree.paths())) {
            return unavailable(name + " is not listed, but the tree has other files of it");
        }
        return new MirrorAnswer.Absent(
                this.name + ": " + name + " is not among the " + tree.names().size() + " projects of the list");
    }

    private static @Nullable Page provenance(String name, MirrorResource.Provenance asked, String type, Sources sources)
            throws IOException {
        TreeFile file = sources.find(Promises.provenancePath(name, asked.version(), asked.filename()));
        return file == null
                ? null
                : Page.of(file.read(), type, true, OptionalLong.empty(), sources.modified(file.modified()));
    }

    private MirrorAnswer file(String path, MirrorRequest request, TreeView.Whole tree, Duration age)
            throws IOException {
        if (!ReleaseFiles.isServable(path)) {
            return new MirrorAnswer.Absent(this.name + ": no release file can have this path");
        }
        MirrorAnswer answer = tree.paths().releaseFile(path, request, age);
        // a tree need not hold every file, so a missing one proves nothing
        return answer == null ? unavailable("packages/" + path + " is not in the tree") : answer;
    }
}
