package dev.detour.mirror.tree;

import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectList;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names in the tree's project list, as last read.
 *
 * @param source the file they were read from
 * @param names normalised; null if the file is no project list
 * @param problem what is wrong with the file, or ""
 */
record ProjectNames(TreeFile source, @Nullable Set<String> names, String problem) {
    static final String JSON = "simple/index.v1_json";
    static final String HTML = "simple/index.html";
    static final String V1_HTML = "simple/index.v1_html";

    /** Reads the list again if its file changed; null if the tree has no list. */
    static @Nullable ProjectNames current(TreeSource paths, @Nullable ProjectNames last) throws IOException {
        TreeFile json = paths.find(JSON);
        TreeFile source = json != null ? json : firstHtml(paths);
        if (source == null || (last != null && last.source().equals(source))) {
            return source == null ? null : last;
        }
        byte[] content = source.read();
        try {
            Set<String> names = json != null ? ProjectList.namesInJson(content) : ProjectList.namesInHtml(content);
            return new ProjectNames(source, names, "");
        } catch (PageFormatException e) {
            return new ProjectNames(source, null, source.name() + ": " + e.getMessage());
        }
    }

    private static @Nullable TreeFile firstHtml(TreeSource paths) throws IOException {
        TreeFile html = paths.find(HTML);
        return html != null ? html : paths.find(V1_HTML);
    }
}
