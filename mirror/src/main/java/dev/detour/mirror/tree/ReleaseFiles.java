package dev.detour.mirror.tree;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorAnswer.Body;
import dev.detour.mirror.MirrorRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Answers with release files, whole or in part.
 *
 * <p>They are sent with {@code no-cache}, though the backend says {@code immutable} for a path that holds the file's digest:
 * nobody has compared this copy with that digest, and a damaged one must not stay in a cache for years after the outage.
 * The price is one conditional request.
 */
final class ReleaseFiles {
    /** What bandersnatch calls a file while it is being written: its name and eight random characters. */
    private static final Pattern TEMPORARY = Pattern.compile(
            ".*\\.(?:whl|egg|gz|bz2|xz|tgz|zip|exe|msi|rpm|deb|dmg|metadata|asc)\\.(?!metadata$)[a-z0-9_]{8}",
            Pattern.CASE_INSENSITIVE);

    private static final Map<String, String> TYPES = types();

    private ReleaseFiles() {}

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

    /** Whether a path below {@code packages/} can be that of a finished release file. */
    static boolean isServable(String path) {
        return TreePaths.isPlain(path) && !TEMPORARY.matcher(path).matches();
    }

    static MirrorAnswer answer(TreeFile file, MirrorRequest request, Duration age) {
        Validators validators = new Validators(tag(file), file.modified().toInstant());
        Map<String, String> headers = Answers.common(age);
        headers.put("Access-Control-Expose-Headers", "Content-Length, Content-Range, Accept-Ranges");
        headers.put("Accept-Ranges", "bytes");
        Answers.validators(validators, headers);
        if (validators.notModified(request)) {
            return Answers.notModified(headers);
        }
        headers.put("Content-Type", type(file.path().toString()));
        // Range means something for GET only (RFC 9110, 14.2)
        ByteRange range = request.head() || request.range() == null || !validators.rangeApplies(request)
                ? null
                : ByteRange.parse(request.range(), file.size());
        if (range == null) {
            return Answers.found(200, headers, file.size(), request, new Body.FileRange(file.path(), 0, file.size()));
        }
        if (range.unsatisfiable()) {
            headers.put("Content-Range", "bytes */" + file.size());
            return Answers.found(416, headers, 0, request, Answers.NOTHING);
        }
        long last = range.offset() + range.length() - 1;
        headers.put("Content-Range", "bytes " + range.offset() + "-" + last + "/" + file.size());
        return Answers.found(
                206, headers, range.length(), request, new Body.FileRange(file.path(), range.offset(), range.length()));
    }

    private static String tag(TreeFile file) {
        return "\"detour-m-" + Long.toHexString(file.modified().toMillis()) + "-" + Long.toHexString(file.size())
                + "\"";
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
