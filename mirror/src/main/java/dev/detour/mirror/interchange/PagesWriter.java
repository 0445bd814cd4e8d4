package dev.detour.mirror.interchange;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a pages file: the Simple pages of an index in one file, one a line (JSON Lines), to be taken over by {@link Import}.
 *
 * <pre>
 * {"detour-pages":{"format":1,"taken":"2026-01-31T12:00:00Z"},"meta":{"_last-serial":9,"api-version":"1.4"}}
 * {"_last-serial":7,"name":"Example.Project"}
 * {"files":[…],"meta":{…},"name":"example-project",…}
 * </pre>
 *
 * <p>The first line is the project list without its projects. {@code taken} says when the index was asked for that list, and
 * is left out if nobody knows. Each other line is a project's page, the canonical JSON form, or, told by its lack of
 * {@code files}, an entry of the project list. An entry stands right before the page of its project, or alone if there is no
 * page. A page without an entry is listed under its own name and serial, unless it is quarantined: an index lists no such
 * project. Lines end with a line feed and are UTF-8; the file as a whole may be one Zstandard stream (RFC 8878), which is
 * told by its first bytes. Not thread-safe.
 */
public final class PagesWriter implements AutoCloseable {
    static final String COMPRESSED = ".zst";
    private static final int LEVEL = 3;
    private static final int BUFFER = 1 << 20;

    private final OutputStream out;

    /**
     * Begins a file, in the place of the one of its name.
     *
     * @param file compressed if its name ends with {@code .zst}
     * @param list the project list without its projects
     * @param taken when the index was asked for it, or null if nobody knows
     */
    public PagesWriter(Path file, ObjectNode list, @Nullable Instant taken) throws IOException {
        OutputStream plain = Files.newOutputStream(file);
        this.out = new BufferedOutputStream(
                file.toString().endsWith(COMPRESSED) ? new ZstdOutputStream(plain, LEVEL) : plain, BUFFER);
        out.write(new PagesHead(list, taken).line());
    }

    /**
     * An entry of the list; the page of its project comes next, if there is one.
     *
     * @param json as the index wrote it, canonical
     */
    public void entry(String json) throws IOException {
        out.write(json.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
    }

    /**
     * A page.
     *
     * @param json canonical, which ends with the line
     */
    public void page(byte[] json) throws IOException {
        out.write(json);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
