package dev.detour.mirror.remote;

import com.github.luben.zstd.Zstd;
import dev.detour.mirror.tree.TreeFile;
import java.net.URI;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;

/** A file as it was fetched, compressed in memory. One fetched again with other bytes is another one. */
final class RemoteFile implements TreeFile {
    /** Pages become five times smaller already at the cheapest level. */
    private static final int LEVEL = 1;

    private final URI uri;
    private final FileTime modified;
    private final int size;
    private final byte[] compressed;

    RemoteFile(URI uri, FileTime modified, byte[] content) {
        this.uri = uri;
        this.modified = modified;
        this.size = content.length;
        this.compressed = Zstd.compress(content, LEVEL);
    }

    @Override
    public String name() {
        return uri.toString();
    }

    @Override
    public FileTime modified() {
        return modified;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public byte[] read() {
        return Zstd.decompress(compressed, size);
    }

    boolean holds(byte[] content) {
        return size == content.length && Arrays.equals(read(), content);
    }

    int weight() {
        return compressed.length;
    }
}
