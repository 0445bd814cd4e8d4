package dev.detour.mirror.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The current {@link TreeView}, looked at again at most once a second. Thread-safe. */
final class TreeWatch {
    static final String LAST_MODIFIED = "last-modified";
    private static final DateTimeFormatter TAKEN = DateTimeFormatter.ofPattern("uuuuMMdd'T'HH:mm:ss", Locale.ROOT);

    private final String place;
    private final TreeSource.Opener opener;
    private final LongSupplier nanos;
    private final ReentrantLock refreshing = new ReentrantLock();
    private final Recheck recheck;
    private volatile @Nullable Look last;

    private record Look(long at, @Nullable ProjectNames names, TreeView view) {}

    /**
     * Watches a tree.
     *
     * @param place where it is, for messages, without a final slash
     */
    TreeWatch(String place, TreeSource.Opener opener, LongSupplier nanos) {
        this.place = place;
        this.opener = opener;
        this.nanos = nanos;
        this.recheck = new Recheck(nanos.getAsLong());
    }

    /** The view, or null if there is none or it has to be looked at first. */
    @Nullable Known<TreeView> atHand() {
        Look look = last;
        if (look == null) {
            return null;
        }
        Recheck.State state = recheck.state(nanos.getAsLong());
        return state == Recheck.State.LOOK ? null : new Known<>(look.view(), state == Recheck.State.USE_AND_LOOK);
    }

    TreeView view() {
        Look look = last;
        if (look != null && nanos.getAsLong() - look.at() < Recheck.EVERY) {
            return look.view();
        }
        if (look != null && refreshing.isLocked() && !refreshing.isHeldByCurrentThread()) {
            // someone else is reading a long project list: what was true a moment ago will do
            return look.view();
        }
        refreshing.lock();
        try {
            Look current = last;
            if (current == null || nanos.getAsLong() - current.at() >= Recheck.EVERY) {
                current = look(current == null ? null : current.names());
                last = current;
                recheck.checked(current.at());
            }
            return current.view();
        } finally {
            refreshing.unlock();
        }
    }

    private Look look(@Nullable ProjectNames before) {
        long at = nanos.getAsLong();
        Instant taken = null;
        try {
            TreeSource paths = opener.open();
            taken = taken(place, paths);
            ProjectNames names = ProjectNames.current(paths, before);
            if (names == null) {
                return new Look(
                        at,
                        null,
                        new TreeView.Unfit(
                                taken,
                                "the tree " + place + " has no project list (expected: " + ProjectNames.JSON + " or "
                                        + ProjectNames.HTML + ")"));
            }
            TreeView view = names.names() == null
                    ? new TreeView.Unfit(taken, names.problem())
                    : new TreeView.Whole(place, paths, taken, names.names());
            return new Look(at, names, view);
        } catch (NoSuchFileException e) {
            return new Look(at, before, new TreeView.Unfit(taken, "the tree " + place + " does not exist"));
        } catch (IOException e) {
            return new Look(
                    at, before, new TreeView.Unfit(taken, "the tree " + place + " cannot be read: " + e.getMessage()));
        }
    }

    /** The start of the last complete synchronisation, as the tree says itself. */
    static Instant taken(String place, TreeSource paths) throws IOException {
        TreeFile file = paths.find(LAST_MODIFIED);
        String path = place + "/" + LAST_MODIFIED;
        if (file == null) {
            throw new UnreadableFileException(path, "missing, the age of the tree is unknown");
        }
        String text = file.size() > 64 ? "" : new String(file.read(), StandardCharsets.UTF_8).strip();
        try {
            return LocalDateTime.parse(text, TAKEN).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new UnreadableFileException(path, "is '" + text + "' (expected: YYYYMMDDTHH:MM:SS, UTC)");
        }
    }
}
