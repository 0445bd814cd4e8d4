package dev.detour.mirror.publish;

import dev.detour.mirror.store.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** A file that is being fetched: what is there of it is hashed, what comes is hashed while it is written. */
final class PartFile implements AutoCloseable {
    private static final int BLOCK = 256 << 10;

    private final FileChannel channel;
    private final MessageDigest digest = Sha256.digest();
    private final long size;
    private long length;

    private PartFile(FileChannel channel, long size) {
        this.channel = channel;
        this.size = size;
    }

    /** Goes on with what is there, unless that is longer than the file can be. */
    static PartFile open(Path path, long size) throws IOException {
        PartFile part = new PartFile(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE), size);
        if (part.channel.size() > size) {
            part.restart();
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] block = new byte[BLOCK];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                part.digest.update(block, 0, n);
                part.length += n;
            }
        }
        part.channel.position(part.length);
        return part;
    }

    /** Bytes that are there. */
    long length() {
        return length;
    }

    boolean isWhole() {
        return length == size;
    }

    /** Begins from nothing. */
    void restart() throws IOException {
        channel.truncate(0);
        channel.position(0);
        digest.reset();
        length = 0;
    }

    /** Adds what came; false if that is more than the file can have, and then nothing of it is added. */
    boolean add(ByteBuffer bytes) throws IOException {
        if (length + bytes.remaining() > size) {
            return false;
        }
        length += bytes.remaining();
        digest.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return true;
    }

    /** Makes it durable; the hash of all of it. */
    String finish() throws IOException {
        channel.force(true);
        return Sha256.hex(digest);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
