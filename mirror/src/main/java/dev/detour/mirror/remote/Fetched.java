package dev.detour.mirror.remote;

import dev.detour.mirror.answer.HttpDate;
import java.net.URI;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server said of a file.
 *
 * @param file null if it has none
 * @param etag as sent, or null
 * @param lastModified as sent, or null
 * @param checkedAt by a clock of nanoseconds
 */
record Fetched(
        @Nullable RemoteFile file,
        @Nullable String etag,
        @Nullable String lastModified,
        long checkedAt) {
    static Fetched absent(long at) {
        return new Fetched(null, null, null, at);
    }

    static Fetched of(URI uri, Web.Answer answer, Instant now, long at, @Nullable Fetched before) {
        String lastModified = answer.header("Last-Modified");
        Instant modified = lastModified == null ? null : HttpDate.parse(lastModified);
        FileTime time = FileTime.from(modified == null ? now : modified);
        RemoteFile known = before == null ? null : before.file;
        boolean same =
                known != null && (modified == null || known.modified().equals(time)) && known.holds(answer.body());
        RemoteFile file = same && known != null ? known : new RemoteFile(uri, time, answer.body());
        return new Fetched(file, answer.header("ETag"), lastModified, at);
    }

    Fetched checked(long at) {
        return new Fetched(file, etag, lastModified, at);
    }

    /** Headers that ask for it only if it changed. */
    Map<String, String> conditions() {
        Map<String, String> conditions = new LinkedHashMap<>();
        if (file != null && etag != null) {
            conditions.put("If-None-Match", etag);
        }
        if (file != null && lastModified != null) {
            conditions.put("If-Modified-Since", lastModified);
        }
        return conditions;
    }

    int weight() {
        return file == null ? 0 : file.weight();
    }
}
