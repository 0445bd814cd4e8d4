package dev.detour.mirror.remote;

import dev.detour.mirror.page.PageFormatException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Fetches a file of a tree, again only if it changed, and takes for a file only what is one. Thread-safe. */
final class Fetcher {
    /** 403 is what a bucket says that does not let its keys be listed. */
    private static final Set<Integer> NOT_THERE = Set.of(403, 404, 410);

    private final Location location;
    private final Web web;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Outage outage;

    Fetcher(Location location, Web web, Clock clock, LongSupplier nanos) {
        this.location = location;
        this.web = web;
        this.clock = clock;
        this.nanos = nanos;
        this.outage = new Outage(nanos);
    }

    /**
     * What the server has now.
     *
     * @param before what it had, or null
     * @throws IOException if it does not say, or what it says is no such file; the message names the URL
     */
    Fetched fetch(String relative, @Nullable Fetched before, Duration limit) throws IOException {
        FileKind kind = FileKind.of(relative);
        long at = nanos.getAsLong();
        Web.Answer answer = get(relative, before == null ? Map.of() : before.conditions(), kind.maxBytes(), limit);
        int status = answer.status();
        if (status == 304 && before != null) {
            return before.checked(at);
        }
        boolean known = before != null && before.file() != null;
        boolean denied = status == 403 && (known || kind == FileKind.LIST || kind == FileKind.TIME);
        if (NOT_THERE.contains(status) && !denied) {
            return Fetched.absent(at);
        }
        if (status != 200) {
            throw new IOException(location.of(relative) + ": status " + status + " (expected: 200 or 404)");
        }
        try {
            kind.check(relative, answer.body());
        } catch (PageFormatException e) {
            throw new IOException(location.of(relative) + ": " + e.getMessage(), e);
        }
        return Fetched.of(location.of(relative), answer, clock.instant(), at, before);
    }

    private Web.Answer get(String relative, Map<String, String> headers, long maxBytes, Duration limit)
            throws IOException {
        String paused = outage.pausedFor();
        if (paused != null) {
            throw new IOException(paused + " (a few seconds ago)");
        }
        try {
            Web.Answer answer = web.get(location.of(relative), headers, maxBytes, limit);
            outage.over();
            return answer;
        } catch (IOException e) {
            outage.failed(e);
            throw e;
        }
    }
}
