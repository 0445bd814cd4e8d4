package dev.detour.mirror.store;

import dev.detour.mirror.page.ProjectPage;
import dev.detour.mirror.tombstone.Withdrawn;
import org.jspecify.annotations.Nullable;

/** A project's Simple page as it would be served from a state. */
public final class SimplePage {
    private SimplePage() {}

    /** The JSON form, without what is not held, tombstones or not; null if there is no page. */
    public static byte @Nullable [] served(StoreView view, String project) throws StoreException {
        ProjectPage page = StorePages.page(view, project, Withdrawn.NOTHING, file -> true);
        return page == null ? null : page.json();
    }
}
