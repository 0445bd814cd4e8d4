package dev.detour.mirror.publish;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.store.DurableFile;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.StoreException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The objects of a publication: files under their hashes, written once and removed when nobody can need them any more. */
final class ObjectStore {
    private static final String TEMPORARY = ".new-";
    private static final String RETIRED = ".retired.json";

    private final Path root;

    ObjectStore(Path root) {
        this.root = root;
    }

    private Path at(String sha256) {
        return root.resolve(PublishedFile.path(sha256));
    }

    /** Whether it is there, as far as its size tells. */
    boolean has(PublishedFile file) throws IOException {
        Path path = at(file.sha256());
        return Files.exists(path) && Files.size(path) == file.size();
    }

    /** Copies a file under its hash. */
    void add(Path source, PublishedFile file) throws IOException {
        Path target = at(file.sha256());
        Files.createDirectories(target.getParent());
        Path fresh = target.resolveSibling(TEMPORARY + file.sha256());
        MessageDigest digest = Sha256.digest();
        try (InputStream in = Files.newInputStream(source);
                OutputStream out = new DigestOutputStream(Files.newOutputStream(fresh), digest)) {
            in.transferTo(out);
        }
        if (!Sha256.hex(digest).equals(file.sha256())) {
            Files.delete(fresh);
            throw new StoreException(source + " does not have the hash " + file.sha256()
                    + " that it had before (expected: a file that never changes)");
        }
        DurableFile.force(fresh);
        DurableFile.move(fresh, target);
    }

    /** Gives a file that never changes its hash as a second name, or copies it where that cannot be. */
    void link(Path source, PublishedFile file) throws IOException {
        Path target = at(file.sha256());
        Files.createDirectories(target.getParent());
        try {
            Files.createLink(target, source);
        } catch (UnsupportedOperationException | FileSystemException e) {
            add(source, file);
        }
    }

    /** What an object consists of. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Keeps what is written under the hash that it turns out to have; null if nothing is. */
    @Nullable PublishedFile write(String name, Content content) throws IOException {
        Path fresh = root.resolve("objects").resolve(TEMPORARY + name);
        Files.createDirectories(fresh.getParent());
        MessageDigest digest = Sha256.digest();
        try (OutputStream out =
                new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(fresh)), digest)) {
            content.writeTo(out);
        }
        PublishedFile file = new PublishedFile(name, Sha256.hex(digest), Files.size(fresh));
        if (file.size() == 0 || has(file)) {
            Files.delete(fresh);
            return file.size() == 0 ? null : file;
        }
        Path target = at(file.sha256());
        Files.createDirectories(target.getParent());
        DurableFile.force(fresh);
        DurableFile.move(fresh, target);
        return file;
    }

    /** Where an object is. */
    Path path(PublishedFile file) {
        return at(file.sha256());
    }

    private List<Path> all() throws IOException {
        Path objects = root.resolve("objects");
        if (!Files.exists(objects)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(objects)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }

    /** Removes what a publication that was killed has left. */
    void removeUnfinished() throws IOException {
        for (Path path : all()) {
            if (path.getFileName().toString().startsWith(TEMPORARY)) {
                Files.deleteIfExists(path);
            }
        }
    }

    /**
     * Removes objects that have been unreferenced for so long that no follower is still fetching the generation they were of.
     *
     * @param wanted hashes
     * @return how many were removed
     */
    int sweep(Predicate<String> wanted, Instant now, Duration grace) throws IOException {
        Map<String, Instant> before = retired();
        Map<String, Instant> retired = new HashMap<>();
        Set<Path> removable = new HashSet<>();
        for (Path path : all()) {
            String name = path.getFileName().toString();
            if (!wanted.test(name)) {
                Instant since = before.getOrDefault(name, now);
                if (since.plus(grace).isAfter(now)) {
                    retired.put(name, since);
                } else {
                    removable.add(path);
                }
            }
        }
        for (Path path : removable) {
            Files.deleteIfExists(path);
        }
        if (!retired.equals(before)) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            retired.forEach((name, since) -> json.put(name, since.toString()));
            DurableFile.write(root.resolve(RETIRED), CanonicalJson.write(json));
        }
        return removable.size();
    }

    /** Since when objects are unreferenced; what cannot be read is begun anew. */
    private Map<String, Instant> retired() throws IOException {
        Map<String, Instant> retired = new HashMap<>();
        Path file = root.resolve(RETIRED);
        if (!Files.exists(file)) {
            return retired;
        }
        try {
            for (Map.Entry<String, JsonNode> entry :
                    CanonicalJson.readObject(Files.readAllBytes(file)).properties()) {
                retired.put(entry.getKey(), Instant.parse(entry.getValue().asString()));
            }
        } catch (PageFormatException | DateTimeException e) {
            retired.clear();
        }
        return retired;
    }
}
