package dev.detour.mirror.publish;

import dev.detour.mirror.store.DurableFile;
import dev.detour.mirror.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a follower remembers in its store, in the directory {@code followed}: the last pointer it believed, what its
 * generations consist of, and objects that have been fetched for one that is not complete yet.
 */
final class Followed {
    private static final String PART = ".part";

    private final Path store;
    private final Path directory;
    private final Path incoming;
    /** Hashes of files here that turned out to have other bytes. */
    private final Set<String> damaged = new HashSet<>();

    /**
     * What is remembered in a store.
     *
     * @param arriving name of the folder for what is being fetched
     */
    Followed(Path store, String arriving) throws StoreException {
        this.store = store;
        this.directory = store.resolve("followed");
        this.incoming = directory.resolve(arriving);
        try {
            Files.createDirectories(incoming);
        } catch (IOException e) {
            throw new StoreException("the store " + store + " cannot be used: " + e, e);
        }
    }

    /** The last pointer that was believed, as it was signed; null if there is none. */
    byte @Nullable [] pointer() throws IOException {
        Path file = directory.resolve(PublishedPointer.FILE);
        return Files.exists(file) ? Files.readAllBytes(file) : null;
    }

    Path pointerFile() {
        return directory.resolve(PublishedPointer.FILE);
    }

    void believe(byte[] pointer) throws IOException {
        DurableFile.write(pointerFile(), pointer);
    }

    private Path file(long number) {
        return directory.resolve(String.format("%06d.json", number));
    }

    void remember(PublishedGeneration generation) throws IOException {
        DurableFile.write(file(generation.number()), generation.json());
    }

    /** Where an object is that has been fetched as a whole. */
    Path whole(PublishedFile file) {
        return incoming.resolve(file.sha256());
    }

    /** Where an object is while it is being fetched. */
    Path part(PublishedFile file) {
        return incoming.resolve(file.sha256() + PART);
    }

    /** Files of the generations that are here, by hash. */
    Map<String, Path> present() throws IOException {
        Map<String, Path> present = new HashMap<>();
        for (Path file : list(directory)) {
            String name = file.getFileName().toString();
            if (!name.matches("[0-9]{6,18}\\.json")) {
                continue;
            }
            Path generation = store.resolve("generations").resolve(name.substring(0, name.length() - 5));
            if (!Files.isDirectory(generation)) {
                // dropped since
                Files.delete(file);
                continue;
            }
            for (PublishedFile part : PublishedGeneration.parse(Files.readAllBytes(file), file.toString())
                    .files()) {
                Path path = generation.resolve(part.name());
                boolean whole = Files.exists(path) && Files.size(path) == part.size();
                if (whole && !damaged.contains(part.sha256())) {
                    present.put(part.sha256(), path);
                }
            }
        }
        return present;
    }

    /** Puts a generation's directory together of files that are here. */
    void assemble(PublishedGeneration generation, Map<String, Path> present, Path prepared) throws IOException {
        Files.createDirectories(prepared);
        for (PublishedFile file : generation.files()) {
            // what was fetched is younger than a damaged one of the same hash
            Path whole = whole(file);
            Path source = Files.exists(whole) ? whole : present.getOrDefault(file.sha256(), whole);
            link(source, prepared.resolve(file.name()));
        }
        DurableFile.write(
                prepared.resolve(PublishedGeneration.MANIFEST), PublishedGeneration.bytes(generation.manifest()));
        DurableFile.write(
                prepared.resolve(PublishedGeneration.SIGNATURE), PublishedGeneration.bytes(generation.signature()));
        DurableFile.force(prepared);
    }

    /** Looks for files of a generation that was refused whose bytes changed on this disk: they are fetched the next time. */
    void distrust(PublishedGeneration generation, Path prepared) throws IOException {
        for (PublishedFile file : generation.files()) {
            Path path = prepared.resolve(file.name());
            if (Files.exists(path) && !HashCache.hash(path).equals(file.sha256())) {
                damaged.add(file.sha256());
                Files.deleteIfExists(whole(file));
            }
        }
    }

    private static void link(Path source, Path target) throws IOException {
        try {
            Files.createLink(target, source);
        } catch (UnsupportedOperationException e) {
            Files.copy(source, target);
            DurableFile.force(target);
        }
    }

    /** Removes what was fetched for generations other than this one. */
    void keepIncoming(PublishedGeneration generation) throws IOException {
        for (Path path : list(incoming)) {
            String name = path.getFileName().toString().replace(PART, "");
            if (generation.files().stream().noneMatch(file -> file.sha256().equals(name))) {
                Files.delete(path);
            }
        }
    }

    void clearIncoming() throws IOException {
        for (Path path : list(incoming)) {
            Files.delete(path);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
