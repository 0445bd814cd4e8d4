package dev.detour.mirror.sync;

import dev.detour.mirror.page.HtmlList;
import dev.detour.mirror.page.HtmlPage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Simple pages in HTML, of whatever index. */
public final class IndexHtml implements HtmlReader {
    @Override
    public ObjectNode project(byte[] html, String project, URI base) {
        return HtmlPage.read(html, project, base);
    }

    @Override
    public List<String> list(byte[] html) {
        List<String> names = new ArrayList<>();
        var unused = HtmlList.each(html, listed -> names.add(listed.name()));
        return names;
    }
}
