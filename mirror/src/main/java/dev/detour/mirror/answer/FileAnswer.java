package dev.detour.mirror.answer;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorAnswer.Body;
import dev.detour.mirror.MirrorRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A release file on the local disk, answered with in whole or in part.
 *
 * <p>It is sent with {@code no-cache}, though the backend says {@code immutable} for a path that holds the file's digest: a
 * damaged copy must not stay in a cache for years after the outage. The price is one conditional request.
 *
 * @param path where its bytes are
 * @param name what it is called, which gives its type
 * @param tag strong, with its quotes
 */
public record FileAnswer(Path path, String name, long size, Instant modified, String tag) {
    private static final Map<String, String> TYPES = types();

    private static Map<String, String> types() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put(".metadata", "text/plain; charset=utf-8");
        types.put(".asc", "application/pgp-signature");
        types.put(".whl", "application/zip");
        types.put(".egg", "application/zip");
        types.put(".zip", "application/zip");
        types.put(".tar.gz", "application/gzip");
        types.put(".tgz", "application/gzip");
        types.put(".tar.bz2", "application/x-bzip2");
        types.put(".tar.xz", "application/x-xz");
        types.put(".tar", "application/x-tar");
        return types;
    }

    /** The answer to a request for it. */
    public MirrorAnswer answer(MirrorRequest request, Duration age) {
        Validators validators = new Validators(tag, modified);
        Map<String, String> headers = Answers.common(age);
        headers.put("Access-Control-Expose-Headers", "Content-Length, Content-Range, Accept-Ranges");
        headers.put("Accept-Ranges", "bytes");
        Answers.validators(validators, headers);
        if (validators.notModified(request)) {
            return Answers.notModified(headers);
        }
        headers.put("Content-Type", type(name));
        // Range means something for GET only (RFC 9110, 14.2)
        ByteRange range = request.head() || request.range() == null || !validators.rangeApplies(request)
                ? null
                : ByteRange.parse(request.range(), size);
        if (range == null) {
            return Answers.found(200, headers, size, request, new Body.FileRange(path, 0, size));
        }
        if (range.unsatisfiable()) {
            headers.put("Content-Range", "bytes */" + size);
            return Answers.found(416, headers, 0, request, Answers.NOTHING);
        }
        long last = range.offset() + range.length() - 1;
        headers.put("Content-Range", "bytes " + range.offset() + "-" + last + "/" + size);
        return Answers.found(
                206, headers, range.length(), request, new Body.FileRange(path, range.offset(), range.length()));
    }

    private static String type(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        for (Map.Entry<String, String> type : TYPES.entrySet()) {
            if (name.endsWith(type.getKey())) {
                return type.getValue();
            }
        }
        return "application/octet-stream";
    }
}
