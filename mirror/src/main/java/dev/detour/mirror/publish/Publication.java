package dev.detour.mirror.publish;

import dev.detour.mirror.store.DurableFile;
import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.KeptHashes;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.SigningKey;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory that generations of a store are published in, to be handed on by any web server or copied into any bucket:
 *
 * <pre>
 * DIR/objects/ab/abcd…           files of generations, and release files, under their SHA-256, never changed
 * DIR/generations/000042.json    what a generation consists of, never changed
 * DIR/current.json               which generation it is now, signed; replaced
 * DIR/mirror.pub                 the public key, for convenience: a follower must be given it in another way
 * </pre>
 *
 * <p>They are written in this order, each under a temporary name first: a crash at any moment, or a copy that is made
 * meanwhile in this order, leaves the generation before whole.
 */
public final class Publication {
    private static final String LOCK = ".lock";
    private static final String PUBLIC_KEY = "mirror.pub";
    private static final int LINE = 64;

    private final Path directory;
    private final SigningKey key;
    private final Settings settings;
    private final Clock clock;
    private final ObjectStore objects;

    /**
     * How long things are kept.
     *
     * @param keep generations that remain, the current one included; at least 1
     * @param grace how long objects remain that no remaining generation has: longer than a follower may take to fetch one
     * @param lifetime how long a pointer is new: longer than the time between two publications
     */
    public record Settings(int keep, Duration grace, Duration lifetime) {
        public Settings {
            if (keep < 1) {
                throw new IllegalArgumentException("keep is " + keep + " (expected: at least 1)");
            }
        }

        /** Three generations, a day each for objects and pointer. */
        public static Settings defaults() {
            return new Settings(3, Duration.ofDays(1), Duration.ofDays(1));
        }
    }

    /**
     * What was done.
     *
     * @param added objects that were not there
     * @param kept objects of the generation that were there
     * @param addedBytes size of the added ones
     * @param removed objects that nobody needs any more
     */
    public record Outcome(long generation, int added, int kept, long addedBytes, int removed) {}

    /**
     * A publication that may or may not be there.
     *
     * @param key the store's own, see {@code MirrorStore.key()}
     */
    public Publication(Path directory, SigningKey key, Settings settings, Clock clock) {
        this.directory = directory;
        this.key = key;
        this.settings = settings;
        this.clock = clock;
        this.objects = new ObjectStore(directory);
    }

    /**
     * Publishes a generation; if it is the published one, says until when it was confirmed.
     *
     * @param vault the store's release files, of which those are published that the generation names
     * @throws StoreException if it cannot be written, or a later one is published: followers do not go back
     */
    public Outcome publish(Generation generation, FileVault vault) throws StoreException {
        try {
            Files.createDirectories(directory);
            StoreLock lock = StoreLock.take(
                    directory.resolve(LOCK),
                    directory.toAbsolutePath().toString(),
                    " (expected: one writer at a time)");
            try {
                return publishLocked(generation, vault);
            } finally {
                lock.close();
            }
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException("the publication " + directory + " cannot be written: " + e, e);
        }
    }

    private Outcome publishLocked(Generation generation, FileVault vault) throws IOException {
        refuseToGoBack(generation);
        objects.removeUnfinished();
        ReleaseFileList.Counts counts = new ReleaseFileList.Counts();
        PublishedFile releaseFiles = ReleaseFileList.publish(generation, vault, objects, counts);
        PublishedGeneration published = describe(generation, releaseFiles);
        for (PublishedFile file : published.files()) {
            if (objects.has(file)) {
                counts.kept++;
            } else {
                objects.add(generation.directory().resolve(file.name()), file);
                counts.added++;
                counts.addedBytes += file.size();
            }
        }
        byte[] json = published.json();
        write(PublishedGeneration.path(generation.number()), json);
        Instant now = clock.instant();
        PublishedPointer pointer = new PublishedPointer(
                generation.number(),
                Sha256.hex(json),
                json.length,
                generation.confirmedAt(),
                now.plus(settings.lifetime()));
        write(PUBLIC_KEY, publicKey());
        write(PublishedPointer.FILE, pointer.signed(key));
        int removed = clean(generation.number(), now);
        return new Outcome(generation.number(), counts.added, counts.kept, counts.addedBytes, removed);
    }

    private void refuseToGoBack(Generation generation) throws IOException {
        Path file = directory.resolve(PublishedPointer.FILE);
        if (!Files.exists(file)) {
            return;
        }
        PublishedPointer before = PublishedPointer.verified(Files.readAllBytes(file), key.publicKey(), file.toString());
        boolean back = before.generation() > generation.number()
                || before.confirmedAt().isAfter(generation.confirmedAt());
        if (back) {
            throw new StoreException(file + " has generation " + before.generation() + ", confirmed at "
                    + before.confirmedAt() + ", and followers do not go back (expected: a later one than generation "
                    + generation.number() + ", confirmed at " + generation.confirmedAt() + ")");
        }
    }

    private PublishedGeneration describe(Generation generation, @Nullable PublishedFile releaseFiles)
            throws IOException {
        HashCache hashes = HashCache.beside(generation.directory());
        List<PublishedFile> files = new ArrayList<>();
        byte[] manifest = new byte[0];
        byte[] signature = new byte[0];
        for (Path path : generation.files()) {
            String name = path.getFileName().toString();
            switch (name) {
                case PublishedGeneration.MANIFEST -> manifest = Files.readAllBytes(path);
                case PublishedGeneration.SIGNATURE -> signature = Files.readAllBytes(path);
                default -> files.add(new PublishedFile(name, hashes.of(path), Files.size(path)));
            }
        }
        hashes.save();
        return PublishedGeneration.of(generation.number(), files, manifest, signature, releaseFiles);
    }

    private void write(String relative, byte[] content) throws IOException {
        Path file = directory.resolve(relative);
        Files.createDirectories(file.getParent());
        boolean same = Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content);
        if (!same) {
            DurableFile.write(file, content);
        }
    }

    private byte[] publicKey() {
        String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'})
                .encodeToString(key.publicKey().getEncoded());
        return ("-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Removes the oldest generations, and objects that none of the others has. */
    private int clean(long current, Instant now) throws IOException {
        List<Path> generations;
        try (Stream<Path> files = Files.list(directory.resolve("generations"))) {
            generations = files.filter(file -> number(file) > 0)
                    .sorted(Comparator.comparingLong(Publication::number))
                    .toList();
        }
        int surplus = generations.size() - settings.keep();
        KeptHashes wanted = new KeptHashes();
        for (Path file : generations) {
            PublishedGeneration remaining = surplus > 0 && number(file) != current ? null : read(file);
            if (remaining == null) {
                Files.delete(file);
                surplus--;
            } else {
                remaining.files().forEach(part -> wanted.add(part.sha256()));
                keepReleaseFiles(remaining.releaseFiles(), wanted);
            }
        }
        return objects.sweep(wanted::contains, now, settings.grace());
    }

    private void keepReleaseFiles(@Nullable PublishedFile list, KeptHashes wanted) throws IOException {
        if (list != null && objects.has(list)) {
            wanted.add(list.sha256());
            ReleaseFileList.read(objects.path(list), (file, metadata) -> wanted.add(file.sha256()));
        }
    }

    /** What a file of an earlier generation says, or null if that cannot be read: nobody could follow it either. */
    private static @Nullable PublishedGeneration read(Path file) throws IOException {
        try {
            return PublishedGeneration.parse(Files.readAllBytes(file), file.toString());
        } catch (StoreException e) {
            return null;
        }
    }

    /** The number in a generation's file name; 0 if it is not one. */
    private static long number(Path file) {
        String name = file.getFileName().toString();
        return name.matches("[0-9]{6,18}\\.json") ? Long.parseLong(name.substring(0, name.length() - 5)) : 0;
    }
}
