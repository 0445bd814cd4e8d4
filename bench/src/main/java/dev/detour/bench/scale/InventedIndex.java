package dev.detour.bench.scale;

import dev.detour.mirror.interchange.PagesWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SplittableRandom;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An index that does not exist, of any size, the same for the same seed: pages of every size from none to ten megabytes in
 * about the shares of the real one, with every feature of the Simple API. Thread-safe: a page is made of its number alone.
 */
public final class InventedIndex {
    /** The serial of the newest change. */
    static final long HEAD = 30_000_000L;

    static final Instant TAKEN = Instant.parse("2026-11-01T12:00:00Z");

    private final long seed;
    private final int projects;
    private final double scale;

    /**
     * An index.
     *
     * @param projects how many, at least 1
     * @param scale of the number of files: 1 for pages of the real sizes, about 10 KB in the mean
     */
    public InventedIndex(long seed, int projects, double scale) {
        if (projects < 1 || !(scale > 0)) {
            throw new IllegalArgumentException(
                    projects + " projects at a scale of " + scale + " (expected: at least 1, above 0)");
        }
        this.seed = seed;
        this.projects = projects;
        this.scale = scale;
    }

    public int projects() {
        return projects;
    }

    /** The project list without its projects. */
    public ObjectNode listHead() {
        ObjectNode head = JsonNodeFactory.instance.objectNode();
        head.putObject("meta").put("_last-serial", HEAD).put("api-version", "1.4");
        return head;
    }

    /** The name of a project as the list spells it: 13.3 characters in the mean. */
    public String name(int number) {
        return InventedName.of(number, random(number, 1));
    }

    /** The serial of a project; one of {@code edition} 0 has none after {@link #HEAD}. */
    long serial(int number, int edition) {
        return edition == 0 ? 1 + random(number, 2).nextLong(HEAD) : HEAD + edition;
    }

    /** A project's entry in the list. */
    String entry(int number, int edition) {
        return "{\"_last-serial\":" + serial(number, edition) + ",\"name\":\"" + name(number) + "\"}";
    }

    /**
     * A project's page, canonical.
     *
     * @param edition 0 as it is at first; each later one has a file more
     */
    public byte[] page(int number, int edition) {
        return new InventedPage(name(number), serial(number, edition), random(number, 3), sizes(number, edition))
                .json();
    }

    /** Whether the list has it: not if it is quarantined. */
    boolean isListed(int number) {
        return !InventedPage.status(random(number, 3)).equals("quarantined");
    }

    private int sizes(int number, int edition) {
        SplittableRandom random = random(number, 4);
        // the largest one there is, once
        double files = number == projects / 2 ? 17_000 : InventedPage.files(random);
        return (int) Math.min(17_000, Math.round(files * scale)) + edition;
    }

    private SplittableRandom random(int number, int what) {
        return new SplittableRandom(seed * 1_000_003L + number * 31L + what);
    }

    /** Writes all pages into a pages file; compressed if its name ends with {@code .zst}. */
    public void writePages(Path file) throws IOException {
        try (PagesWriter out = new PagesWriter(file, listHead(), TAKEN)) {
            for (int i = 0; i < projects; i++) {
                if (isListed(i)) {
                    out.entry(entry(i, 0));
                }
                out.page(page(i, 0));
            }
        }
    }

    /** Writes a tree as bandersnatch does: relative links, a serial in quotes, yanks whose reasons only the JSON API documents know. */
    public void writeTree(Path web) throws IOException {
        StringBuilder list = new StringBuilder(
                "{\"meta\": {\"_last-serial\": \"" + HEAD + "\", \"api-version\": \"1.1\"}, \"projects\": [");
        for (int i = 0; i < projects; i++) {
            BandersnatchPage page = new BandersnatchPage(page(i, 0));
            list.append(i == 0 ? "" : ", ")
                    .append("{\"name\": \"")
                    .append(page.project())
                    .append("\"}");
            page.write(web);
        }
        Files.writeString(web.resolve("simple").resolve("index.v1_json"), list.append("]}"), StandardCharsets.UTF_8);
        Files.writeString(web.resolve("last-modified"), "20261101T12:00:00\n");
    }
}
