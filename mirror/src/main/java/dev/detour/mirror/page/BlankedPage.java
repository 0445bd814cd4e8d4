package dev.detour.mirror.page;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A page that has lost all its files without a status that explains it: a mistake that would uninstall a project everywhere. */
public final class BlankedPage {
    private BlankedPage() {}

    /**
     * Whether it is one.
     *
     * @param kept the page before it, canonical JSON
     */
    public static boolean is(ObjectNode page, byte[] kept) {
        if (!page.path("files").isEmpty()) {
            return false;
        }
        JsonNode status = page.path("project-status").path("status");
        boolean explained = status.isString() && !status.stringValue().equals("active");
        return !explained && !CanonicalJson.readObject(kept).path("files").isEmpty();
    }
}
