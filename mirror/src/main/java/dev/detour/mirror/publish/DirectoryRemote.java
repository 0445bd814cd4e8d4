package dev.detour.mirror.publish;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A publication in a directory: a mounted disk, or one that something else copies to. */
final class DirectoryRemote implements Remote {
    private static final int BLOCK = 256 << 10;

    private final Path directory;

    DirectoryRemote(Path directory) {
        this.directory = directory;
    }

    @Override
    public Received get(String relative, long maxBytes, @Nullable String tag) throws IOException {
        try (InputStream in = open(relative)) {
            byte[] content = in.readNBytes((int) maxBytes + 1);
            if (content.length > maxBytes) {
                throw new IOException(name(relative) + " has more than " + maxBytes + " bytes");
            }
            return new Received(content, null);
        }
    }

    @Override
    public String fetch(String relative, Path into, long size) throws IOException {
        try (InputStream in = open(relative);
                PartFile part = PartFile.open(into, size)) {
            in.skipNBytes(part.length());
            byte[] block = new byte[BLOCK];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                if (!part.add(ByteBuffer.wrap(block, 0, n))) {
                    part.restart();
                    throw new IOException(name(relative) + " has more than " + size + " bytes");
                }
            }
            if (!part.isWhole()) {
                throw new IOException(name(relative) + " has " + part.length() + " bytes (expected: " + size + ")");
            }
            return part.finish();
        }
    }

    private InputStream open(String relative) throws IOException {
        try {
            return Files.newInputStream(directory.resolve(relative));
        } catch (NoSuchFileException e) {
            throw new IOException(name(relative) + " is not there", e);
        }
    }

    @Override
    public String name(String relative) {
        return directory.resolve(relative).toString();
    }
}
