package dev.detour.mirror.store;

import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A project whose page is to be fetched. At most one a project; it outlives restarts.
 *
 * @param project normalised name
 * @param reason why
 * @param entry the entry of the index's list that the page has to live up to, or null if the list lacks the project
 * @param attempts how often it has been tried in vain
 * @param notBefore when it may be tried, or null for at once
 * @param since when it was found to be due
 * @param error what went wrong the last time, or null
 */
public record Task(
        String project,
        Reason reason,
        @Nullable ListEntry entry,
        int attempts,
        @Nullable Instant notBefore,
        Instant since,
        @Nullable String error) {

    /** Why a page is to be fetched. */
    public enum Reason {
        /** The list names it for the first time. */
        NEW,
        /** The list has another serial, or another spelling, than the one kept. */
        CHANGED,
        /** The list does not name it any more. */
        MISSING,
        /** A comparison found it different. */
        DIFFERENT,
        /** Clients ask for it. */
        WANTED,
        /** All pages are read again: the index changed the form of its pages, or has no serials. */
        REREAD
    }

    /** The serial to be reached, if the index has serials. */
    public OptionalLong target() {
        return entry == null ? OptionalLong.empty() : entry.serial();
    }
}
