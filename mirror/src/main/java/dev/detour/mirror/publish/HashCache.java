package dev.detour.mirror.publish;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.store.DurableFile;
import dev.detour.mirror.store.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Hashes of the sorted tables of a store, which never change under their names, so that a generation is published without
 * reading gigabytes that were published before. It is kept in the store: whoever can write the publication must not be able
 * to say what is signed.
 */
final class HashCache {
    private static final String FILE = ".hashes.json";
    private static final int BLOCK = 256 << 10;

    private final Path file;
    private final Map<String, Known> known = new TreeMap<>();
    private final Map<String, Known> used = new TreeMap<>();

    /** What a file was when it was hashed. */
    private record Known(String sha256, long size, long modified) {}

    private HashCache(Path file) {
        this.file = file;
    }

    /** The cache beside a generation's directory; empty if it cannot be read. */
    static HashCache beside(Path generation) {
        HashCache cache = new HashCache(generation.resolveSibling(FILE));
        try {
            ObjectNode json = CanonicalJson.readObject(Files.readAllBytes(cache.file));
            for (Map.Entry<String, JsonNode> entry : json.properties()) {
                if (entry.getValue() instanceof ObjectNode value) {
                    cache.known.put(
                            entry.getKey(),
                            new Known(
                                    Json.sha256(value, "sha256"),
                                    Json.number(value, "size"),
                                    Json.number(value, "modified")));
                }
            }
        } catch (IOException | PageFormatException e) {
            cache.known.clear();
        }
        return cache;
    }

    /** The hash of a file. */
    String of(Path path) throws IOException {
        String name = String.valueOf(path.getFileName());
        if (!name.endsWith(".sst")) {
            return hash(path);
        }
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        long modified = attributes.lastModifiedTime().toMillis();
        Known before = known.get(name);
        boolean same = before != null && before.size() == attributes.size() && before.modified() == modified;
        Known now = same && before != null ? before : new Known(hash(path), attributes.size(), modified);
        used.put(name, now);
        return now.sha256();
    }

    static String hash(Path path) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = Files.newInputStream(path)) {
            byte[] block = new byte[BLOCK];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                digest.update(block, 0, n);
            }
        }
        return Sha256.hex(digest);
    }

    /** Keeps what was asked for. */
    void save() throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        used.forEach((name, entry) -> json.putObject(name)
                .put("sha256", entry.sha256())
                .put("size", entry.size())
                .put("modified", entry.modified()));
        DurableFile.write(file, CanonicalJson.write(json));
    }
}
