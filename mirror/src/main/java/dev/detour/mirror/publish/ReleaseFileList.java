package dev.detour.mirror.publish;

import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoredFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The release files that a generation has beside its pages: one a line, which may come twice, with its SHA-256, its size and
 * what it is. There may be millions, so it is read and written as it goes.
 *
 * <pre>
 * 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 4242 metadata
 * 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752 1048576 file
 * </pre>
 */
final class ReleaseFileList {
    private static final String NAME = "release-files";
    private static final String METADATA = ".metadata";
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) ([0-9]{1,18}) (metadata|file)");

    private ReleaseFileList() {}

    /** Takes an entry. */
    interface Entry {
        void take(PublishedFile file, boolean metadata) throws IOException;
    }

    /** Writes what a generation names and has, and the list of it, which is returned; null if there is nothing. */
    static @Nullable PublishedFile publish(Generation generation, FileVault vault, ObjectStore objects, Counts counts)
            throws IOException {
        return objects.write(NAME, out -> {
            try {
                generation.view().forEachFile((path, stored) -> {
                    try {
                        publish(path, stored, vault, objects, counts, out);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        });
    }

    private static void publish(
            String path, StoredFile stored, FileVault vault, ObjectStore objects, Counts counts, OutputStream out)
            throws IOException {
        Path file = vault.path(stored.sha256());
        if (file == null) {
            // not promised by the store either
            return;
        }
        PublishedFile published = new PublishedFile(path, stored.sha256(), stored.size());
        if (objects.has(published)) {
            counts.kept++;
        } else {
            objects.link(file, published);
            counts.added++;
            counts.addedBytes += stored.size();
        }
        String line = stored.sha256() + " " + stored.size() + (path.endsWith(METADATA) ? " metadata\n" : " file\n");
        out.write(line.getBytes(StandardCharsets.US_ASCII));
    }

    /** What a publication has come to so far. */
    static final class Counts {
        int added;
        int kept;
        long addedBytes;
    }

    /**
     * Reads a list.
     *
     * @throws StoreException if a line is none; the message has its number
     */
    static void read(Path list, Entry entry) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(list, StandardCharsets.US_ASCII)) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                Matcher parts = LINE.matcher(line);
                if (!parts.matches()) {
                    throw new StoreException("line " + number + " of " + list
                            + " is no release file (expected: SHA-256, size, and metadata or file)");
                }
                String hash = parts.group(1);
                entry.take(
                        new PublishedFile(hash, hash, Long.parseLong(parts.group(2))),
                        parts.group(3).equals("metadata"));
            }
        }
    }
}
