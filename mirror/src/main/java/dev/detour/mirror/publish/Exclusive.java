package dev.detour.mirror.publish;

import dev.detour.mirror.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The right to write a directory: one process at a time. The kernel takes it back from a process that dies. */
final class Exclusive implements AutoCloseable {
    private final FileChannel channel;

    private Exclusive(FileChannel channel) {
        this.channel = channel;
    }

    static Exclusive take(Path file) throws StoreException {
        Path directory = file.toAbsolutePath().getParent();
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locks(channel)) {
                channel.close();
                throw new StoreException(directory + " is in use by process "
                        + Files.readString(file).strip() + " (expected: one writer at a time)");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new Exclusive(channel);
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(directory + " cannot be locked: " + e, e);
        }
    }

    private static boolean locks(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // by this very process
            return false;
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
