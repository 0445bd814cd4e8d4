package dev.detour.bench.scale;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The program behind {@code bench/scale}: makes an invented index, serves it, and measures a mirror of it. Three processes, so
 * that the memory of one is not taken for that of another.
 */
public final class Scale {
    private static final long SEED = 20_261_101;

    private Scale() {}

    /**
     * Runs one of {@code generate FILE PROJECTS SCALE}, {@code serve PROJECTS SCALE CHANGED PORTFILE} (until its input ends)
     * and {@code measure FILE STORE URL PROJECTS SCALE}.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (arguments[0]) {
            case "generate" -> generate(Path.of(rest[0]), index(rest[1], rest[2]));
            case "serve" -> serve(index(rest[0], rest[1]), Integer.parseInt(rest[2]), Path.of(rest[3]));
            case "measure" ->
                System.out.print(new Measurement(index(rest[3], rest[4]), Path.of(rest[1]))
                        .run(Path.of(rest[0]), URI.create(rest[2]))
                        .text());
            default ->
                throw new IllegalArgumentException(
                        "'" + arguments[0] + "' is no command (expected: generate, serve or measure)");
        }
    }

    private static InventedIndex index(String projects, String scale) {
        return new InventedIndex(SEED, Integer.parseInt(projects), Double.parseDouble(scale));
    }

    private static void generate(Path file, InventedIndex index) throws IOException {
        index.writePages(file);
        int[] sizes = new int[Math.min(20_000, index.projects())];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = index.page((int) ((long) i * index.projects() / sizes.length), 0).length;
        }
        Arrays.sort(sizes);
        System.out.printf(
                "%d pages: p50 %d B, p99 %d B, mean %.0f B (of %d of them); file %d MB%n",
                index.projects(),
                sizes[sizes.length / 2],
                sizes[sizes.length * 99 / 100],
                Arrays.stream(sizes).average().orElse(0),
                sizes.length,
                Files.size(file) / 1_000_000);
    }

    private static void serve(InventedIndex index, int changed, Path portFile) throws IOException {
        try (InventedServer server = new InventedServer(index, changed)) {
            Files.writeString(portFile, server.base(0).resolve("/").toString());
            while (System.in.read() >= 0) {
                // until whoever started it goes away
            }
        }
    }
}
