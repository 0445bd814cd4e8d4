package dev.detour.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Simple pages of the demo index, byte for byte in the form PyPI gives them at API version 1.4.
 *
 * <p>HTML keeps the white space that PEP 833 froze, because consumers parse it. This is not the renderer of the mirror: an
 * index that shared its code with the program it is to test could not show that program's mistakes.
 */
final class DemoPage {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private DemoPage() {}

    static byte[] indexJson(DemoPackages packages) {
        ObjectNode page = JSON.createObjectNode();
        page.set("meta", meta(packages.lastSerial()));
        ArrayNode projects = page.putArray("projects");
        packages.projects()
                .forEach(project -> projects.addObject()
                        .put("_last-serial", project.serial())
                        .put("name", project.name()));
        return canonical(page);
    }

    static byte[] projectJson(DemoProject project) {
        ObjectNode page = JSON.createObjectNode();
        page.set("meta", meta(project.serial()));
        page.put("name", project.normalizedName());
        page.putObject("project-status").put("status", "active");
        ArrayNode versions = page.putArray("versions");
        project.versions().forEach(versions::add);
        ArrayNode files = page.putArray("files");
        project.files().forEach(file -> files.add(fileJson(file)));
        return canonical(page);
    }

    static byte[] indexHtml(DemoPackages packages) {
        StringBuilder html = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en">
                  <head>
                    <meta name="pypi:repository-version" content="1.4">
                    <title>Simple index</title>
                  </head>
                  <body>
                """);
        for (DemoProject project : packages.projects()) {
            html.append(
                    "<a href=\"/simple/%s/\">%s</a>\n".formatted(project.normalizedName(), escaped(project.name())));
        }
        return html.append("</body>\n</html>").toString().getBytes(UTF_8);
    }

    static byte[] projectHtml(DemoProject project) {
        String name = project.normalizedName();
        StringBuilder html = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en">
                  <head>
                    <meta name="pypi:repository-version" content="1.4">
                <meta name="pypi:project-status" content="active">    <title>Links for %s</title>
                  </head>
                  <body>
                    <h1>Links for %s</h1>
                """.formatted(name, name));
        project.files().forEach(file -> html.append(link(file)));
        return html.append("</body>\n</html>\n<!--SERIAL ")
                .append(project.serial())
                .append("-->")
                .toString()
                .getBytes(UTF_8);
    }

    /** JSON as Warehouse writes it: sorted keys, no spaces, characters as they are, a final newline. */
    static byte[] canonical(JsonNode node) {
        return (JSON.writeValueAsString(node) + "\n").getBytes(UTF_8);
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** A moment with six decimals, as PEP 700 allows and PyPI does. */
    static String microseconds(Instant moment) {
        return MICROSECONDS.format(moment);
    }

    private static ObjectNode meta(long serial) {
        return JSON.createObjectNode().put("_last-serial", serial).put("api-version", "1.4");
    }

    private static ObjectNode fileJson(DemoFile file) {
        ObjectNode node = JSON.createObjectNode();
        node.put("filename", file.filename());
        node.put("url", "../../" + file.path());
        node.putObject("hashes").put("sha256", file.sha256());
        node.put("requires-python", file.requiresPython());
        node.put("size", file.content().length);
        node.put("upload-time", microseconds(file.uploaded()));
        node.putNull("provenance");
        String yanked = file.yanked();
        if (yanked == null) {
            node.put("yanked", false);
        } else {
            node.put("yanked", yanked);
        }
        node.set("core-metadata", coreMetadata(file));
        node.set("data-dist-info-metadata", coreMetadata(file));
        return node;
    }

    /** {@code {"sha256": …}} for a wheel and {@code false} for an sdist (PEP 714). */
    static JsonNode coreMetadata(DemoFile file) {
        byte[] metadata = file.metadata();
        return metadata == null
                ? JSON.getNodeFactory().booleanNode(false)
                : JSON.createObjectNode().put("sha256", Digests.hex("SHA-256", metadata));
    }

    private static String link(DemoFile file) {
        StringBuilder link = new StringBuilder("<a href=\"../../%s#sha256=%s\" ".formatted(file.path(), file.sha256()));
        String requiresPython = file.requiresPython();
        if (requiresPython != null) {
            link.append("data-requires-python=\"%s\" ".formatted(escaped(requiresPython)));
        }
        String yanked = file.yanked();
        if (yanked != null) {
            link.append("data-yanked=\"%s\" ".formatted(escaped(yanked)));
        }
        byte[] metadata = file.metadata();
        if (metadata != null) {
            String hash = Digests.hex("SHA-256", metadata);
            link.append("data-dist-info-metadata=\"sha256=%s\" data-core-metadata=\"sha256=%s\"".formatted(hash, hash));
        }
        return link.append('>')
                .append(escaped(file.filename()))
                .append("</a><br />\n")
                .toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }
}
