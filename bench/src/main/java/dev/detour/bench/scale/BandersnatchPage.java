package dev.detour.bench.scale;

import dev.detour.mirror.page.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A page as bandersnatch writes it: what it loses of the index's page is lost here too. */
final class BandersnatchPage {
    private final ObjectNode page;
    private final ObjectNode document;

    BandersnatchPage(byte[] canonical) {
        this.page = CanonicalJson.readObject(canonical);
        this.document = document(page);
        List<ObjectNode> files = new ArrayList<>();
        for (JsonNode file : page.path("files")) {
            files.add(lessened((ObjectNode) file));
        }
        files.sort(Comparator.comparing(file -> file.path("filename").asString()));
        ArrayNode sorted = page.putArray("files");
        files.forEach(sorted::add);
        page.remove("project-status");
        page.putObject("meta")
                .put("_last-serial", document.path("last_serial").asString())
                .put("api-version", "1.1");
    }

    String project() {
        return page.path("name").asString();
    }

    /** The JSON API's document: it knows why files were yanked. */
    private static ObjectNode document(ObjectNode page) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.putObject("info").put("name", page.path("name").asString()).put("version", "1.0");
        document.set("last_serial", page.path("meta").path("_last-serial"));
        ArrayNode urls = document.putObject("releases").putArray("all");
        for (JsonNode file : page.path("files")) {
            JsonNode yanked = file.path("yanked");
            ObjectNode url =
                    urls.addObject().put("filename", file.path("filename").asString());
            url.put("yanked", isYanked(file));
            url.put("yanked_reason", yanked.isString() ? yanked.stringValue() : null);
        }
        return document;
    }

    private static boolean isYanked(JsonNode file) {
        return file.path("yanked").isString() || file.path("yanked").asBoolean(false);
    }

    private static ObjectNode lessened(ObjectNode file) {
        file.remove("provenance");
        file.remove("data-dist-info-metadata");
        file.put("yanked", isYanked(file));
        String url = file.path("url").asString();
        return file.put("url", "../../" + url.substring(url.indexOf("packages/")));
    }

    void write(Path web) throws IOException {
        Path simple = Files.createDirectories(web.resolve("simple").resolve(project()));
        Files.write(simple.resolve("index.v1_json"), CanonicalJson.write(page));
        Path json = Files.createDirectories(web.resolve("json"));
        Files.write(json.resolve(project()), CanonicalJson.write(document));
    }
}
