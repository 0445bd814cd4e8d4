package dev.detour.mirror.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads every byte of a store's generations, and says what is not as it was signed. Needs no lock. */
public final class StoreCheck {
    private static final int MOST = 20;

    private StoreCheck() {}

    /**
     * What was found in a generation.
     *
     * @param problems each in one line, at most a few; empty if all is well
     */
    public record Finding(long generation, long pages, long files, List<String> problems) {
        /** In words. */
        public String text() {
            return "generation " + generation + ": "
                    + (problems.isEmpty()
                            ? pages + " pages and " + files + " files are as they were signed"
                            : String.join("; ", problems));
        }
    }

    /**
     * Checks all generations.
     *
     * @param keyFile the public key that must have signed them, or null for the store's own
     * @throws StoreException if there is no store
     */
    public static List<Finding> of(Path store, @Nullable Path keyFile) throws StoreException {
        if (!Files.isDirectory(store.resolve(GenerationFolders.NAME))) {
            throw new StoreException(store + " is no store (expected: a directory with generations/)");
        }
        PublicKey key = SigningKey.publicKey(keyFile == null ? SigningKey.publicFile(store) : keyFile);
        FileVault files = FileVault.reading(store);
        List<Finding> findings = new ArrayList<>();
        try (Generations generations = Generations.open(store, key, StoreSettings.defaults())) {
            for (Generations.Summary summary : generations.list()) {
                findings.add(check(generations, summary.number(), files));
            }
        }
        return findings;
    }

    private static Finding check(Generations generations, long number, FileVault vault) {
        List<String> problems = new ArrayList<>();
        long[] counts = new long[2];
        try (Generation.Lease lease = generations.open(number)) {
            StoreView view = lease.generation().view();
            List<String> damaged = new ArrayList<>();
            view.forEachState((project, state) -> {
                counts[0]++;
                try {
                    if (view.page(project) == null) {
                        note(damaged, "the page of " + project + " is missing");
                    }
                } catch (StoreException e) {
                    note(damaged, String.valueOf(e.getMessage()));
                }
            });
            // a follower has the pages, and not the files
            FileVault kept = vault.exists() ? vault : null;
            view.forEachFile((path, file) -> {
                if (kept == null) {
                    return;
                }
                counts[1]++;
                String problem = problem(path, file, kept);
                if (problem != null) {
                    note(damaged, problem);
                }
            });
            problems.addAll(damaged);
        } catch (StoreException e) {
            note(problems, String.valueOf(e.getMessage()));
        }
        return new Finding(number, counts[0], counts[1], List.copyOf(problems));
    }

    private static void note(List<String> problems, String problem) {
        if (problems.size() < MOST) {
            problems.add(problem);
        }
    }

    private static @Nullable String problem(String path, StoredFile file, FileVault vault) {
        Path kept = vault.path(file.sha256());
        if (kept == null) {
            return path + " is missing";
        }
        MessageDigest digest = Sha256.digest();
        try (InputStream in = Files.newInputStream(kept);
                OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        } catch (IOException e) {
            return path + " cannot be read: " + e;
        }
        String found = Sha256.hex(digest);
        return found.equals(file.sha256())
                ? null
                : path + " has SHA-256 " + found + " (expected: " + file.sha256() + ")";
    }
}
