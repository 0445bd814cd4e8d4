package dev.detour.admin.cache;

import dev.detour.admin.AdminRequest;
import dev.detour.admin.AdminResponse;
import dev.detour.admin.AdminRoute;
import dev.detour.admin.ProblemException;
import dev.detour.proxy.cache.CacheControls;
import dev.detour.proxy.cache.Purge;
import dev.detour.proxy.cache.PurgeResult;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /api/v1/cache} and {@code POST /api/v1/cache/purge}. */
public final class CacheRoutes {
    private static final Logger log = LoggerFactory.getLogger(CacheRoutes.class);
    private static final String PATH = "/api/v1/cache";

    /** Room for a thousand addresses of the usual length: one deployment is one request. */
    private static final int LARGEST_PURGE = 1024 * 1024;

    private static final long DISK_SECONDS = 5;

    /** More of them would push everything else out of the log. */
    private static final int LOGGED = 10;

    private CacheRoutes() {}

    /** Both routes; {@code cache} is asked for at every request. */
    public static List<AdminRoute> of(Supplier<CacheControls> cache) {
        return List.of(
                AdminRoute.get(
                        PATH,
                        request ->
                                AdminResponse.json(200, CacheView.of(cache.get().statistics()))),
                AdminRoute.post(PATH + "/purge", request -> purge(request, cache.get()))
                        .withLargestBody(LARGEST_PURGE));
    }

    private static AdminResponse purge(AdminRequest request, CacheControls cache) throws ProblemException {
        Purge purge = new PurgeRequest(request.jsonObject()).purge();
        PurgeResult purged = cache.purge(purge);
        Integer onDisk = purged.onDisk()
                .completeOnTimeout(null, DISK_SECONDS, TimeUnit.SECONDS)
                .join();
        log.info(
                "purged {} answers in memory, {} on disk ({}): {}",
                purged.inMemory(),
                onDisk == null ? "some later" : onDisk,
                purge.hard() ? "removed" : "marked stale",
                subject(purge));
        return AdminResponse.json(200, new PurgeAnswer(purged.inMemory(), onDisk));
    }

    private static String subject(Purge purge) {
        return purge.all() ? "all" : "urls " + some(purge.urls()) + ", keys " + some(purge.keys());
    }

    private static String some(List<String> values) {
        return values.size() <= LOGGED
                ? values.toString()
                : values.subList(0, LOGGED) + " and " + (values.size() - LOGGED) + " more";
    }

    /**
     * How many were kept until now.
     *
     * @param onDisk of those on the disk, or null if it takes longer; it does so before it is asked for any of them
     */
    private record PurgeAnswer(int purged, @Nullable Integer onDisk) {}
}
