package dev.detour.mirror.sync;

import java.net.URI;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Reads the HTML form, for indexes that have no other. */
public interface HtmlReader {
    /**
     * A project's page in the JSON model.
     *
     * @throws dev.detour.mirror.page.PageFormatException if it is no such page
     */
    ObjectNode project(byte[] html, String project, URI base);

    /**
     * The names in a project list, as they are spelled there.
     *
     * @throws dev.detour.mirror.page.PageFormatException if it is no such list
     */
    List<String> list(byte[] html);
}
