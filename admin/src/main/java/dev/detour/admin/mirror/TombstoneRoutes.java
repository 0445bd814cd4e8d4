package dev.detour.admin.mirror;

import dev.detour.admin.AdminRequest;
import dev.detour.admin.AdminResponse;
import dev.detour.admin.AdminRoute;
import dev.detour.admin.ProblemException;
import dev.detour.admin.RequestFields;
import dev.detour.fleet.AuditLog;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.tombstone.Target;
import dev.detour.mirror.tombstone.Tombstone;
import dev.detour.mirror.tombstone.Tombstones;
import dev.detour.proxy.cache.CacheControls;
import dev.detour.proxy.cache.Purge;
import dev.detour.proxy.cache.PurgeResult;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET}, {@code POST} and {@code DELETE /api/v1/mirror/tombstones}.
 *
 * <p>A new tombstone binds the mirrors at once, and has the response cache forget what it kept of the target, because kept
 * answers come before mirrors in an outage. What a healthy backend serves is passed on, and may be kept again: withholding
 * what the index itself still offers is not the task of a copy.
 */
public final class TombstoneRoutes {
    private static final Logger log = LoggerFactory.getLogger(TombstoneRoutes.class);
    private static final String PATH = "/api/v1/mirror/tombstones";
    private static final List<String> FIELDS = List.of("target", "reason", "by");
    private static final int LONGEST_BY = 100;
    private static final long DISK_SECONDS = 5;

    private final Tombstones tombstones;
    private final AuditLog audit;
    private final Supplier<CacheControls> cache;
    private final Supplier<? extends Collection<Mirror>> mirrors;
    private final Clock clock;

    private TombstoneRoutes(
            Tombstones tombstones,
            AuditLog audit,
            Supplier<CacheControls> cache,
            Supplier<? extends Collection<Mirror>> mirrors,
            Clock clock) {
        this.tombstones = tombstones;
        this.audit = audit;
        this.cache = cache;
        this.mirrors = mirrors;
        this.clock = clock;
    }

    /** All routes; {@code cache} and {@code mirrors} are asked for at every change. */
    public static List<AdminRoute> of(
            Tombstones tombstones,
            AuditLog audit,
            Supplier<CacheControls> cache,
            Supplier<? extends Collection<Mirror>> mirrors,
            Clock clock) {
        TombstoneRoutes routes = new TombstoneRoutes(tombstones, audit, cache, mirrors, clock);
        return List.of(
                AdminRoute.get(PATH, request -> AdminResponse.json(200, TombstonesView.of(tombstones.inForce()))),
                AdminRoute.post(PATH, routes::add),
                AdminRoute.delete(PATH, routes::remove));
    }

    private AdminResponse add(AdminRequest request) throws ProblemException {
        RequestFields fields = RequestFields.of(request.jsonObject(), FIELDS);
        Target target = target(fields.text("target"));
        String reason = fields.reason();
        if (reason == null || reason.isBlank()) {
            throw ProblemException.badValue("reason", reason == null ? "missing" : "blank", "why, for other operators");
        }
        String by = by(fields.text("by"));
        // asked before: afterwards the mirrors do not tell any more
        Extent extent = Extent.of(target, mirrors.get());
        Tombstones.Added added;
        try {
            added = tombstones.add(target, reason.strip(), by);
        } catch (IOException e) {
            throw ProblemException.of(500, "nothing was changed: " + e.getMessage());
        }
        Tombstone tombstone = added.tombstone();
        if (added.added()) {
            audit.tombstone(tombstone.since(), true, target.text(), by, tombstone.reason());
        }
        PurgeResult purged = cache.get().purge(new Purge(extent.urls(), extent.keys(), false, true));
        Integer onDisk = purged.onDisk()
                .completeOnTimeout(null, DISK_SECONDS, TimeUnit.SECONDS)
                .join();
        log.info(
                "tombstone on {} {}: {} kept answers removed from memory, {} from disk",
                target.text(),
                added.added() ? "put" : "was there",
                purged.inMemory(),
                onDisk == null ? "some later" : onDisk);
        return AdminResponse.json(
                200,
                new AddAnswer(
                        added.added(),
                        TombstonesView.View.of(tombstone),
                        purged.inMemory(),
                        onDisk,
                        extent.warnings()));
    }

    private AdminResponse remove(AdminRequest request) throws ProblemException {
        Target target = target(single(request, "target"));
        String by = by(single(request, "by"));
        Tombstone removed;
        try {
            removed = tombstones.remove(target);
        } catch (IOException e) {
            throw ProblemException.of(500, "nothing was changed: " + e.getMessage());
        }
        if (removed == null) {
            throw ProblemException.unknownName("target", target.text(), known(target));
        }
        audit.tombstone(clock.instant(), false, removed.target().text(), by, removed.reason());
        return AdminResponse.json(200, new RemoveAnswer(TombstonesView.View.of(removed)));
    }

    private static @Nullable String single(AdminRequest request, String parameter) throws ProblemException {
        List<String> values = request.query(parameter);
        if (values.size() > 1) {
            throw ProblemException.badValue(parameter, values.size() + " values", "one");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    private String known(Target target) {
        List<String> near = tombstones.near(target);
        if (!near.isEmpty()) {
            return "something that has a tombstone, such as " + String.join(", ", near);
        }
        int all = tombstones.inForce().tombstones().size();
        return all == 0
                ? "something that has a tombstone; nothing has"
                : "one of the " + all + " that have a tombstone";
    }

    private static Target target(@Nullable String text) throws ProblemException {
        if (text == null) {
            throw ProblemException.badValue(
                    "target", "missing", "one of NAME, NAME==VERSION or the name of a release file");
        }
        try {
            return Target.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badValue("target", text, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable String by(@Nullable String by) throws ProblemException {
        if (by != null
                && (by.isBlank() || by.length() > LONGEST_BY || by.chars().anyMatch(Character::isISOControl))) {
            throw ProblemException.badValue("by", by, "1 to " + LONGEST_BY + " characters without control characters");
        }
        return by;
    }

    /**
     * What is so now.
     *
     * @param added false if it was there before
     * @param tombstone the one in force
     * @param purged kept answers that were removed from memory
     * @param onDisk those removed from the disk, or null if it takes longer; it does so before it is asked for any of them
     * @param warnings what the operator may not have wished or has to do besides; it is done all the same
     */
    private record AddAnswer(
            boolean added,
            TombstonesView.View tombstone,
            int purged,
            @Nullable Integer onDisk,
            List<String> warnings) {}

    /** What is served again. */
    private record RemoveAnswer(TombstonesView.View removed) {}
}
