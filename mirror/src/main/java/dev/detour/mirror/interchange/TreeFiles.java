package dev.detour.mirror.interchange;

import dev.detour.mirror.promise.Promises;
import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.StoredFile;
import dev.detour.mirror.sync.SyncSettings;
import dev.detour.mirror.tree.TreeReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a tree keeps of the things its pages link to: attestations, {@code .metadata}, release files. Thread-safe. */
final class TreeFiles {
    private static final String PACKAGES = "packages/";
    private static final int BLOCK = 64 << 10;

    private final TreeReader tree;
    private final FileVault vault;
    private final SyncSettings.Files wanted;

    TreeFiles(TreeReader tree, FileVault vault, SyncSettings.Files wanted) {
        this.tree = tree;
        this.vault = vault;
        this.wanted = wanted;
    }

    /** Gives a candidate all that the tree has for its page. What cannot be read becomes a remark. */
    void collect(ObjectNode page, Candidate into) {
        for (JsonNode element : page.path("files")) {
            if (element instanceof ObjectNode file) {
                collect(page, file, into);
            }
        }
    }

    private void collect(ObjectNode page, ObjectNode file, Candidate into) {
        try {
            attestations(page, file, into);
            String url = file.path("url").asString("");
            String path = Promises.packagePath(url);
            if (path == null || !path.startsWith(PACKAGES)) {
                return;
            }
            if (wanted != SyncSettings.Files.NONE) {
                keep(path + ".metadata", digest(file.get("core-metadata")), into);
            }
            if (wanted == SyncSettings.Files.ALL) {
                keep(path, digest(file.get("hashes")), into);
            }
        } catch (IOException e) {
            into.remarks.add(e.toString());
        }
    }

    private void attestations(ObjectNode page, ObjectNode file, Candidate into) throws IOException {
        List<String> versions = new ArrayList<>();
        page.path("versions").forEach(version -> versions.add(version.asString()));
        String[] path = {null};
        new Promises(asked -> (path[0] = asked) != null, "").withdrawMissingProvenance(file, into.project, versions);
        Path attestations = path[0] == null ? null : tree.file(path[0]);
        if (attestations != null) {
            String[] parts = path[0].split("/", -1);
            into.provenance.add(new Candidate.Attestations(parts[2], parts[3], Files.readAllBytes(attestations)));
        }
    }

    private static @Nullable String digest(@Nullable JsonNode hashes) {
        return hashes instanceof ObjectNode object && object.has("sha256")
                ? object.path("sha256").asString("")
                : null;
    }

    private void keep(String path, @Nullable String promised, Candidate into) throws IOException {
        Path file = tree.file(path);
        if (file == null) {
            return;
        }
        String found = hash(file);
        if (promised != null && !promised.equals(found)) {
            into.remarks.add(file + " has SHA-256 " + found + " (expected: " + promised + ")");
            return;
        }
        long size = Files.size(file);
        try (InputStream content = Files.newInputStream(file)) {
            FileVault.Outcome outcome = vault.put(found, size, content);
            if (outcome == FileVault.Outcome.KEPT) {
                into.files.add(new Candidate.KeptFile(path.substring(PACKAGES.length()), new StoredFile(found, size)));
            } else {
                into.remarks.add(file
                        + (outcome == FileVault.Outcome.NO_ROOM
                                ? " is not kept: the files of the store have reached their limit of " + vault.limit()
                                        + " bytes"
                                : " changed while it was read"));
            }
        }
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] block = new byte[BLOCK];
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            while (in.read(block) >= 0) {
                // read for its hash only
            }
        }
        return Sha256.hex(digest);
    }
}
