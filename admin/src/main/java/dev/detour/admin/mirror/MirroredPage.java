package dev.detour.admin.mirror;

import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.HtmlAnchor;
import dev.detour.mirror.page.PageFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a mirror lists of a project.
 *
 * @param standing whether it has a page, has none for certain, or cannot tell
 * @param files those on the page
 */
record MirroredPage(Standing standing, List<ListedFile> files) {
    private static final String JSON = "application/vnd.pypi.simple.v1+json";

    enum Standing {
        LISTED,
        ABSENT,
        UNKNOWN
    }

    /** A file of the page; {@code url} as it stands there. */
    record ListedFile(String filename, String url) {}

    /** Asks a mirror; {@code project} is normalised. Reads files. */
    static MirroredPage of(String project, Mirror mirror) {
        MirrorAnswer answer = mirror.answer(new MirrorRequest(
                new MirrorResource.SimpleProject(project), false, JSON, null, null, null, null, null));
        if (answer instanceof MirrorAnswer.Absent) {
            return new MirroredPage(Standing.ABSENT, List.of());
        }
        if (answer instanceof MirrorAnswer.Found found && found.status() == 200) {
            try {
                return new MirroredPage(Standing.LISTED, files(content(found.body()), found));
            } catch (PageFormatException | IOException e) {
                // a page that cannot be read now tells nothing
                return new MirroredPage(Standing.UNKNOWN, List.of());
            }
        }
        return new MirroredPage(Standing.UNKNOWN, List.of());
    }

    private static byte[] content(MirrorAnswer.Body body) throws IOException {
        if (body instanceof MirrorAnswer.Body.Bytes bytes) {
            ByteBuffer copy = bytes.content().duplicate();
            byte[] content = new byte[copy.remaining()];
            copy.get(content);
            return content;
        }
        if (body instanceof MirrorAnswer.Body.FileRange range) {
            try (InputStream in = Files.newInputStream(range.file())) {
                in.skipNBytes(range.offset());
                return in.readNBytes(Math.toIntExact(range.length()));
            }
        }
        return new byte[0];
    }

    private static List<ListedFile> files(byte[] content, MirrorAnswer.Found found) {
        List<ListedFile> files = new ArrayList<>();
        if (found.headers().getOrDefault("Content-Type", "").startsWith(JSON)) {
            ObjectNode page = CanonicalJson.readObject(content);
            for (JsonNode file : page.path("files")) {
                files.add(new ListedFile(
                        file.path("filename").asString(""), file.path("url").asString("")));
            }
        } else {
            HtmlAnchor.each(
                    new String(content, StandardCharsets.UTF_8),
                    link -> files.add(
                            new ListedFile(link.text(), link.attributes().getOrDefault("href", ""))));
        }
        return files;
    }
}
