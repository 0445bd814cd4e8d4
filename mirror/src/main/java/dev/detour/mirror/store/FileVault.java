package dev.detour.mirror.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Release files by the SHA-256 of their bytes, at most so many bytes of them in all. A file has its name only once all of its
 * bytes are there and have that hash. Thread-safe.
 */
public final class FileVault {
    private static final String HASH = "[0-9a-f]{64}";
    private static final int BLOCK = 64 << 10;

    private final Path directory;
    private final long limit;
    /** Bytes kept, those of files that are on their way included. */
    private final AtomicLong used = new AtomicLong();

    private final AtomicLong names = new AtomicLong();

    private FileVault(Path directory, long limit) {
        this.directory = directory;
        this.limit = limit;
    }

    /** The writer's: leftovers of a writer before it are removed. */
    public static FileVault writing(Path store, long limit) throws StoreException {
        FileVault vault = new FileVault(store.resolve("files"), limit);
        vault.used.set(vault.count());
        vault.sweep(hash -> true, Instant.MAX);
        return vault;
    }

    /** A reader's, beside the writer's or without one. */
    public static FileVault reading(Path store) {
        return new FileVault(store.resolve("files"), 0);
    }

    /** Why a file was not kept. */
    public enum Outcome {
        /** It is kept. */
        KEPT,
        /** The limit of bytes leaves no room for it. */
        NO_ROOM,
        /** The bytes have another hash, or another number. */
        WRONG
    }

    /**
     * Keeps a file.
     *
     * @param sha256 what its bytes must have
     * @param size what they must number
     * @param content read to its end, and left open
     * @throws IOException if {@code content} or the disk fails; nothing is kept, then
     */
    public Outcome put(String sha256, long size, InputStream content) throws IOException {
        Path file = at(sha256);
        if (Files.exists(file)) {
            return Outcome.KEPT;
        }
        if (used.addAndGet(size) > limit) {
            used.addAndGet(-size);
            return Outcome.NO_ROOM;
        }
        boolean kept = false;
        Path fresh = directory.resolve(".new-" + ProcessHandle.current().pid() + "-" + names.incrementAndGet());
        try {
            Files.createDirectories(file.getParent());
            if (!copy(content, fresh, size).equals(sha256)) {
                return Outcome.WRONG;
            }
            DurableFile.force(fresh);
            DurableFile.move(fresh, file);
            kept = true;
            return Outcome.KEPT;
        } finally {
            if (!kept) {
                used.addAndGet(-size);
                Files.deleteIfExists(fresh);
            }
        }
    }

    /** The hash of what was copied; that of nothing if it is not {@code size} bytes. */
    private static String copy(InputStream content, Path into, long size) throws IOException {
        MessageDigest digest = Sha256.digest();
        long copied = 0;
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(into), digest)) {
            byte[] block = new byte[BLOCK];
            for (int n = content.read(block); n >= 0; n = content.read(block)) {
                copied += n;
                if (copied > size) {
                    return "";
                }
                out.write(block, 0, n);
            }
        }
        return copied == size ? Sha256.hex(digest) : "";
    }

    /** Where a file is, or null if it is not kept. */
    public @Nullable Path path(String sha256) {
        Path file = at(sha256);
        return Files.exists(file) ? file : null;
    }

    private Path at(String sha256) {
        if (!sha256.matches(HASH)) {
            throw new IllegalArgumentException("'" + sha256 + "' is no SHA-256 (expected: 64 hexadecimal digits)");
        }
        return directory.resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    /** Whether files are kept here at all. */
    boolean exists() {
        return Files.isDirectory(directory);
    }

    /** Bytes kept. */
    public long used() {
        return used.get();
    }

    /** The most bytes that are kept. */
    public long limit() {
        return limit;
    }

    private static boolean isWhole(Path file) {
        return file.getFileName().toString().matches(HASH);
    }

    private long count() throws StoreException {
        AtomicLong bytes = new AtomicLong();
        forEach(file -> bytes.addAndGet(isWhole(file) ? Files.size(file) : 0));
        return bytes.get();
    }

    /**
     * Removes every file that is not wanted, and what was left unfinished.
     *
     * @param wanted by SHA-256
     * @param before what is younger stays: it may be on its way, or wait for the page that names it
     * @return how many were removed
     */
    public int sweep(Predicate<String> wanted, Instant before) throws StoreException {
        AtomicInteger removed = new AtomicInteger();
        forEach(file -> {
            boolean whole = isWhole(file);
            boolean stays = (whole && wanted.test(file.getFileName().toString()))
                    || !Files.getLastModifiedTime(file).toInstant().isBefore(before);
            if (!stays) {
                long size = Files.size(file);
                Files.delete(file);
                removed.incrementAndGet();
                used.addAndGet(whole ? -size : 0);
            }
        });
        return removed.get();
    }

    private interface FileAction {
        void on(Path file) throws IOException;
    }

    private void forEach(FileAction action) throws StoreException {
        if (!exists()) {
            return;
        }
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
                action.on(file);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new StoreException("the files in " + directory + " cannot be gone through: " + e, e);
        }
    }
}
