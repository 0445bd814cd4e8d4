package dev.detour.health.certificate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was found in files, for as long as they stay as they are: thousands of them are not parsed again every minute. For one
 * thread at a time.
 */
final class FileMemory {
    private Map<Path, Remembered> before = new HashMap<>();
    private Map<Path, Remembered> now = new HashMap<>();

    /** @param stamp null if the file may change without showing it */
    private record Remembered(
            @Nullable FileStamp stamp, @Nullable FileScan scan) {}

    /** A look at everything begins: files that it does not meet are forgotten at the next one. */
    void turn() {
        before = now;
        now = new HashMap<>();
    }

    /** What is in a file, read only if it may have changed; null if nothing says that it should hold certificates. */
    @Nullable FileScan recall(Path file, Function<Path, @Nullable FileScan> read) {
        FileStamp stamp = stamp(file);
        Remembered known = before.get(file);
        if (known != null && stamp != null && stamp.equals(known.stamp)) {
            now.put(file, known);
            return known.scan;
        }
        FileScan scan = read.apply(file);
        if (scan == null && known != null && known.scan != null) {
            scan = FileScan.problem(
                    SourceProblem.Kind.MALFORMED,
                    file.toString(),
                    "held certificates, and holds none now",
                    "certificates, or no such file");
        }
        now.put(file, new Remembered(stamp != null && stamp.settled() ? stamp : null, scan));
        return scan;
    }

    private static @Nullable FileStamp stamp(Path file) {
        try {
            return FileStamp.of(file);
        } catch (IOException e) {
            return null;
        }
    }

    /** What was just read depends on other files too. */
    void doubt(Path file) {
        now.computeIfPresent(file, (any, known) -> new Remembered(null, known.scan));
    }
}
