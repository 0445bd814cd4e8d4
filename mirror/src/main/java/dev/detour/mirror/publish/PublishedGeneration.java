package dev.detour.mirror.publish;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a generation consists of: the file {@code generations/000042.json}, which is never changed. The store's own manifest
 * is in it, with its signature; the files of its database are named by their hashes.
 *
 * @param manifest the store's {@code manifest.json}, read-only
 * @param signature the store's {@code manifest.sig}, read-only
 * @param releaseFiles the {@link ReleaseFileList} of what lies beside the pages, or null if there is nothing
 */
record PublishedGeneration(
        long number,
        List<PublishedFile> files,
        ByteBuffer manifest,
        ByteBuffer signature,
        @Nullable PublishedFile releaseFiles) {
    static final long MAX_BYTES = 64L << 20;
    static final String MANIFEST = "manifest.json";
    static final String SIGNATURE = "manifest.sig";

    private static final String RELEASE_FILES = "release-files";

    private static final String KIND = "detour-mirror-generation";
    private static final long FORM = 1;

    /** The files of a database, which alone may be made by a follower. */
    private static final Pattern DATABASE_FILE =
            Pattern.compile("[0-9]{1,18}\\.(?:sst|log)|(?:MANIFEST|OPTIONS)-[0-9]{1,18}|CURRENT");

    PublishedGeneration {
        files = List.copyOf(files);
    }

    static PublishedGeneration of(
            long number,
            List<PublishedFile> files,
            byte[] manifest,
            byte[] signature,
            @Nullable PublishedFile releaseFiles) {
        return new PublishedGeneration(
                number,
                files,
                ByteBuffer.wrap(manifest).asReadOnlyBuffer(),
                ByteBuffer.wrap(signature).asReadOnlyBuffer(),
                releaseFiles);
    }

    /** The bytes of one of the two, to be written. */
    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static String path(long number) {
        return String.format("generations/%06d.json", number);
    }

    long bytes() {
        return files.stream().mapToLong(PublishedFile::size).sum();
    }

    byte[] json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", KIND);
        json.put("form", FORM);
        json.put("generation", number);
        ArrayNode array = json.putArray("files");
        for (PublishedFile file : files) {
            array.addObject()
                    .put("name", file.name())
                    .put("sha256", file.sha256())
                    .put("size", file.size());
        }
        json.put("manifest", Base64.getEncoder().encodeToString(bytes(manifest)));
        json.put("signature", Base64.getEncoder().encodeToString(bytes(signature)));
        if (releaseFiles != null) {
            json.putObject(RELEASE_FILES).put("sha256", releaseFiles.sha256()).put("size", releaseFiles.size());
        }
        return CanonicalJson.write(json);
    }

    /** Reads one whose hash has been checked; {@code where} is for messages. */
    static PublishedGeneration parse(byte[] bytes, String where) throws StoreException {
        try {
            ObjectNode json = CanonicalJson.readObject(bytes);
            Json.expect(json, KIND, FORM);
            byte[] manifest = Json.bytes(json, "manifest");
            long number = Json.number(json, "generation");
            long sealed = Json.number(CanonicalJson.readObject(manifest), "generation");
            if (sealed != number) {
                throw new PageFormatException("'manifest' is of generation " + sealed + " (expected: " + number + ")");
            }
            return of(number, files(json), manifest, Json.bytes(json, "signature"), releaseFiles(json));
        } catch (PageFormatException e) {
            throw new StoreException(where + " is no generation: " + e.getMessage(), e);
        }
    }

    private static @Nullable PublishedFile releaseFiles(ObjectNode json) {
        JsonNode list = json.get(RELEASE_FILES);
        if (list == null) {
            return null;
        }
        if (!(list instanceof ObjectNode file)) {
            throw new PageFormatException("'" + RELEASE_FILES + "' is no object (expected: {…})");
        }
        return new PublishedFile(RELEASE_FILES, Json.sha256(file, "sha256"), Json.number(file, "size"));
    }

    private static List<PublishedFile> files(ObjectNode json) {
        List<PublishedFile> files = new ArrayList<>();
        Set<String> names = new HashSet<>();
        JsonNode array = json.get("files");
        if (!(array instanceof ArrayNode)) {
            throw new PageFormatException("'files' is no array (expected: […])");
        }
        for (JsonNode element : array) {
            if (!(element instanceof ObjectNode file)) {
                throw new PageFormatException("'files' has an element that is no object (expected: {…})");
            }
            String name = Json.text(file, "name");
            if (!DATABASE_FILE.matcher(name).matches() || !names.add(name)) {
                throw new PageFormatException("'files' has '" + name + "' (expected: files of a database, each once)");
            }
            files.add(new PublishedFile(name, Json.sha256(file, "sha256"), Json.number(file, "size")));
        }
        return files;
    }
}
