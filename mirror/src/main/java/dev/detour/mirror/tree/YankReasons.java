package dev.detour.mirror.tree;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.HtmlAnchor;
import dev.detour.mirror.page.PageFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Why files were yanked, from the places of a tree that still say it. */
final class YankReasons {
    private YankReasons() {}

    /** From a JSON API document: reasons by filename. One that cannot be read knows no reasons; the flag itself stays. */
    static Map<String, String> inDocument(TreeFile document) throws IOException {
        Map<String, String> reasons = new HashMap<>();
        ObjectNode root;
        try {
            root = CanonicalJson.readObject(document.read());
        } catch (PageFormatException e) {
            return reasons;
        }
        collect(root.get("urls"), reasons);
        if (root.get("releases") instanceof ObjectNode releases) {
            releases.forEach(files -> collect(files, reasons));
        }
        return reasons;
    }

    /** From a project's document, if the tree has one. */
    static Map<String, String> inDocuments(String project, Sources sources) throws IOException {
        TreeFile document = SimplePages.document(project, sources);
        return document == null ? Map.of() : inDocument(document);
    }

    private static void collect(@Nullable JsonNode files, Map<String, String> reasons) {
        if (!(files instanceof ArrayNode)) {
            return;
        }
        for (JsonNode file : files) {
            JsonNode filename = file.get("filename");
            JsonNode reason = file.get("yanked_reason");
            boolean given =
                    reason != null && reason.isString() && !reason.stringValue().isEmpty();
            if (given && filename != null && filename.isString()) {
                reasons.put(filename.stringValue(), reason.stringValue());
            }
        }
    }

    /** From an HTML page: reasons by filename. */
    static Map<String, String> inPage(TreeFile page) throws IOException {
        Map<String, String> reasons = new HashMap<>();
        HtmlAnchor.each(new String(page.read(), StandardCharsets.UTF_8), anchor -> {
            String reason = anchor.attributes().get("data-yanked");
            if (reason != null && !reason.isEmpty()) {
                reasons.put(anchor.text(), reason);
            }
        });
        return reasons;
    }
}
