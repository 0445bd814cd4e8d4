package dev.detour.mirror.interchange;

import com.github.luben.zstd.ZstdInputStream;
import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.store.ListEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A pages file (see {@link PagesWriter}) as a source. */
final class PagesSource implements Source {
    private static final byte[] ZSTANDARD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
    private static final int BATCH = 1_000;
    private static final long BATCH_BYTES = 8L << 20;
    /** How a page begins in the canonical form, since no key that is known comes before this one. */
    private static final byte[] PAGE = "{\"files\":".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private final Lines lines;
    private final PagesHead head;
    private final Checking checking;
    private byte @Nullable [] entry;

    /** A page with the entry before it, or one of the two. */
    private static final class Line {
        final long number;
        final byte @Nullable [] entry;
        final byte @Nullable [] page;

        Line(long number, byte @Nullable [] entry, byte @Nullable [] page) {
            this.number = number;
            this.entry = entry;
            this.page = page;
        }
    }

    private PagesSource(InputStream in, Lines lines, PagesHead head, Checking checking) {
        this.in = in;
        this.lines = lines;
        this.head = head;
        this.checking = checking;
    }

    /** Opens a file. */
    static PagesSource open(Path file, Checking checking) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            in = isCompressed(file) ? new ZstdInputStream(in) : in;
            Lines lines = new Lines(in);
            byte[] first = lines.next();
            if (first == null) {
                throw new IOException(file + " is empty (expected: a pages file)");
            }
            return new PagesSource(in, lines, PagesHead.parse(first), checking);
        } catch (PageFormatException e) {
            in.close();
            throw new IOException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static boolean isCompressed(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(ZSTANDARD.length), ZSTANDARD);
        }
    }

    @Override
    public ObjectNode listHead() {
        return head.list();
    }

    @Override
    public @Nullable Instant taken() {
        return head.taken();
    }

    @Override
    public @Nullable Callable<List<Candidate>> next() throws IOException {
        List<Line> batch = new ArrayList<>();
        long bytes = 0;
        while (batch.size() < BATCH && bytes < BATCH_BYTES) {
            byte[] line = lines.next();
            if (line == null) {
                break;
            }
            bytes += line.length;
            if (isPage(line)) {
                batch.add(new Line(lines.number(), entry, line));
                entry = null;
            } else {
                if (entry != null) {
                    batch.add(new Line(lines.number() - 1, entry, null));
                }
                entry = line;
            }
        }
        if (batch.isEmpty() && entry != null) {
            batch.add(new Line(lines.number(), entry, null));
            entry = null;
        }
        return batch.isEmpty() ? null : () -> candidates(batch);
    }

    private static boolean isPage(byte[] line) {
        if (line.length >= PAGE.length && Arrays.equals(line, 0, PAGE.length, PAGE, 0, PAGE.length)) {
            return true;
        }
        try {
            return CanonicalJson.readObject(line).has("files");
        } catch (PageFormatException e) {
            // a page by default, and reported as one
            return true;
        }
    }

    private List<Candidate> candidates(List<Line> batch) {
        List<Candidate> candidates = new ArrayList<>(batch.size());
        for (Line line : batch) {
            candidates(line, candidates);
        }
        return candidates;
    }

    private void candidates(Line line, List<Candidate> candidates) {
        try {
            ObjectNode listed = line.entry == null ? null : CanonicalJson.readObject(line.entry);
            ObjectNode page = line.page == null ? null : CanonicalJson.readObject(line.page);
            String listedName = listed == null ? null : project(listed);
            String pageName = page == null ? null : project(page);
            if (listed != null && listedName != null && !listedName.equals(pageName)) {
                candidates.add(new Candidate(listedName, entry(listedName, listed)));
                listed = null;
            }
            if (page != null && pageName != null) {
                Candidate candidate =
                        new Candidate(pageName, listed != null ? entry(pageName, listed) : entryOf(pageName, page));
                checking.page(page, candidate);
                candidates.add(candidate);
            }
            if (page != null && pageName == null) {
                candidates.add(nameless(line, page));
            }
            if (listed != null && listedName == null) {
                candidates.add(nameless(line, listed));
            }
        } catch (PageFormatException e) {
            candidates.add(nameless(line, String.valueOf(e.getMessage())));
        }
    }

    private static Candidate nameless(Line line, ObjectNode object) {
        return nameless(line, "'name' is " + object.get("name") + " (expected: the name of a project)");
    }

    private static Candidate nameless(Line line, String problem) {
        Candidate candidate = new Candidate("(line " + line.number + ")", null);
        candidate.problems.add(problem);
        return candidate;
    }

    private static @Nullable String project(ObjectNode object) {
        return ProjectName.normalise(object.path("name").asString(""));
    }

    private static @Nullable ListEntry entryOf(String project, ObjectNode page) {
        if (page.path("project-status").path("status").asString("").equals("quarantined")) {
            return null;
        }
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        JsonNode serial = page.path("meta").get("_last-serial");
        if (serial != null) {
            entry.set("_last-serial", serial);
        }
        return entry(project, entry.put("name", page.path("name").asString("")));
    }

    private static ListEntry entry(String project, ObjectNode entry) {
        JsonNode serial = entry.get("_last-serial");
        return new ListEntry(
                project,
                serial != null && serial.isIntegralNumber()
                        ? OptionalLong.of(serial.longValue())
                        : OptionalLong.empty(),
                new String(CanonicalJson.write(entry), StandardCharsets.UTF_8).strip());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
