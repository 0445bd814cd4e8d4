package dev.detour.mirror.tree;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.answer.FileAnswer;
import java.time.Duration;
import java.util.regex.Pattern;

/** Which files of a tree are release files, and what is answered with them. */
final class ReleaseFiles {
    /** What bandersnatch calls a file while it is being written: its name and eight random characters. */
    private static final Pattern TEMPORARY = Pattern.compile(
            ".*\\.(?:whl|egg|gz|bz2|xz|tgz|zip|exe|msi|rpm|deb|dmg|metadata|asc)\\.(?!metadata$)[a-z0-9_]{8}",
            Pattern.CASE_INSENSITIVE);

    private ReleaseFiles() {}

    /** Whether a path below {@code packages/} can be that of a finished release file. */
    static boolean isServable(String path) {
        return TreePaths.isPlain(path) && !TEMPORARY.matcher(path).matches();
    }

    static MirrorAnswer answer(LocalFile file, MirrorRequest request, Duration age) {
        return new FileAnswer(
                        file.path(),
                        file.path().toString(),
                        file.size(),
                        file.modified().toInstant(),
                        tag(file))
                .answer(request, age);
    }

    private static String tag(LocalFile file) {
        return "\"detour-m-" + Long.toHexString(file.modified().toMillis()) + "-" + Long.toHexString(file.size())
                + "\"";
    }
}
