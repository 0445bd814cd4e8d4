package dev.detour.mirror.tree;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The files an answer is made of, those looked for in vain included: the answer is good until one of them changes. */
final class Sources {
    private final TreePaths paths;
    private final Map<String, @Nullable TreeFile> seen = new LinkedHashMap<>();

    Sources(TreePaths paths) {
        this.paths = paths;
    }

    TreePaths paths() {
        return paths;
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
