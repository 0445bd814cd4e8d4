package dev.detour.mirror.tree;

import dev.detour.mirror.tombstone.Withdrawn;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files an answer is made of, those looked for in vain included, and the tombstones it was made under: the answer is good
 * until one of them changes.
 */
final class Sources {
    private final TreePaths paths;
    private final Withdrawn withdrawn;
    private final Map<String, @Nullable TreeFile> seen = new LinkedHashMap<>();

    Sources(TreePaths paths, Withdrawn withdrawn) {
        this.paths = paths;
        this.withdrawn = withdrawn;
    }

    TreePaths paths() {
        return paths;
    }

    /** What must not be in the answer. */
    Withdrawn withdrawn() {
        return withdrawn;
    }

    /** When an answer made of what was written at {@code written} became what it is. */
    FileTime modified(FileTime written) {
        return FileTime.from(withdrawn.modified(written.toInstant()));
    }

    /** Looks for a file and remembers what was found. Comes before reading, so that a change in between is noticed. */
    @Nullable TreeFile find(String relative) throws IOException {
        TreeFile file = paths.find(relative);
        seen.put(relative, file);
        return file;
    }

    /** Whether all files are as they were. */
    boolean unchanged(TreePaths now) throws IOException {
        for (Map.Entry<String, @Nullable TreeFile> entry : seen.entrySet()) {
            if (!Objects.equals(now.find(entry.getKey()), entry.getValue())) {
                return false;
            }
        }
        return true;
    }
}
