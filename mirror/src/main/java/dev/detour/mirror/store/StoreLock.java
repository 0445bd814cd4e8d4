package dev.detour.mirror.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The right to write a directory: one process at a time. The kernel takes it back from a process that dies. */
public final class StoreLock implements AutoCloseable {
    private final FileChannel channel;

    private StoreLock(FileChannel channel) {
        this.channel = channel;
    }

    /** That of a store. */
    static StoreLock take(Path directory) throws StoreException {
        return take(directory.resolve("lock"), "the store " + directory, "; stop it, or ask it with --admin");
    }

    /**
     * Takes it.
     *
     * @param file holds the lock and names its holder; made if it is not there
     * @param what is locked, for messages
     * @param advice for whoever finds it taken
     * @throws StoreException if another process has it
     */
    public static StoreLock take(Path file, String what, String advice) throws StoreException {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new StoreException(
                        what + " is in use by process " + Files.readString(file).strip() + advice);
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new StoreLock(channel);
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            closeQuietly(channel, e);
            throw new StoreException(what + " cannot be locked: " + e, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // by this very process
            return null;
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel, IOException cause) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    @Override
    public void close() throws StoreException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StoreException("the lock cannot be given back: " + e, e);
        }
    }
}
