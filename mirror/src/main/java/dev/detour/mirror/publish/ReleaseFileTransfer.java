package dev.detour.mirror.publish;

import dev.detour.config.StoreConfig;
import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings release files of a publication into the vault of the store that follows, as far as they are wanted and there is
 * room. Not thread-safe.
 */
final class ReleaseFileTransfer {
    private static final Logger LOG = LoggerFactory.getLogger(ReleaseFileTransfer.class);
    private static final int BATCH = 500;

    private final Followed followed;
    private final ObjectTransfer objects;
    private final FileVault vault;
    private final StoreConfig.Files kinds;
    private boolean fullReported;
    private int fetched;
    private long fetchedBytes;

    ReleaseFileTransfer(Remote remote, Followed followed, FileVault vault, StoreConfig.Files kinds) {
        this.followed = followed;
        this.objects = new ObjectTransfer(remote, followed);
        this.vault = vault;
        this.kinds = kinds;
    }

    /** Files fetched so far. */
    int fetched() {
        return fetched;
    }

    /** Bytes of {@link #fetched}. */
    long fetchedBytes() {
        return fetchedBytes;
    }

    /**
     * Fetches what a list names and is not here.
     *
     * @throws IOException if one could not be had; those before it are kept
     */
    void fetch(PublishedFile list) throws IOException {
        if (kinds == StoreConfig.Files.NONE) {
            return;
        }
        objects.fetch(List.of(list));
        Batch batch = new Batch();
        ReleaseFileList.read(followed.whole(list), (file, metadata) -> {
            if ((metadata || kinds == StoreConfig.Files.ALL) && vault.path(file.sha256()) == null) {
                batch.add(file);
            }
        });
        batch.finish();
        followed.clearIncoming();
    }

    /** Files that are fetched together. */
    private final class Batch {
        private final List<PublishedFile> files = new ArrayList<>();
        private long bytes;

        void add(PublishedFile file) throws IOException {
            if (file.size() > vault.limit() - vault.used() - bytes) {
                reportFull();
                return;
            }
            files.add(file);
            bytes += file.size();
            if (files.size() == BATCH) {
                finish();
            }
        }

        void finish() throws IOException {
            objects.fetch(files.stream().distinct().toList());
            for (PublishedFile file : files) {
                Path whole = followed.whole(file);
                if (Files.exists(whole)) {
                    keep(file, whole);
                }
            }
            files.clear();
            bytes = 0;
        }
    }

    private void keep(PublishedFile file, Path whole) throws IOException {
        FileVault.Outcome outcome;
        try (InputStream content = Files.newInputStream(whole)) {
            outcome = vault.put(file.sha256(), file.size(), content);
        }
        Files.delete(whole);
        if (outcome == FileVault.Outcome.WRONG) {
            throw new StoreException("the release file " + file.sha256() + " has changed on this disk");
        }
        if (outcome == FileVault.Outcome.NO_ROOM) {
            reportFull();
            return;
        }
        fetched++;
        fetchedBytes += file.size();
    }

    private void reportFull() {
        if (!fullReported) {
            fullReported = true;
            LOG.warn(
                    "the limit of {} bytes of release files is reached: no more are taken over, pages are",
                    vault.limit());
        }
    }
}
