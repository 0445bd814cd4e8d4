package dev.detour.app.install;

import dev.detour.app.support.ClientProgram;
import dev.detour.app.support.ProgramRun;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** pip, which downloads, and twine, which looks whether what has come could be published: whole archives with good metadata. */
final class CheckedDownload implements Installer {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String FOLDER = "files";

    private final ClientProgram pip;
    private final ClientProgram twine;

    CheckedDownload(String what) throws IOException, InterruptedException {
        pip = ClientProgram.pythonModule("pip", what);
        twine = ClientProgram.require("twine", what);
    }

    @Override
    public ProgramRun run(Path directory, URI index) throws IOException, InterruptedException {
        ProgramRun downloaded = pip.run(
                directory,
                LIMIT,
                List.of(
                        "download",
                        "--no-cache-dir",
                        "--disable-pip-version-check",
                        "--no-input",
                        "--index-url",
                        index.toString(),
                        "--dest",
                        FOLDER,
                        "demoapp"));
        if (downloaded.exitCode() != 0) {
            return downloaded;
        }
        ProgramRun checked = twine.run(
                directory,
                LIMIT,
                Stream.concat(Stream.of("check"), files(directory).map(Path::toString))
                        .toList());
        return checked.exitCode() == 0 ? downloaded : checked;
    }

    private static Stream<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(FOLDER))) {
            return files.sorted().toList().stream();
        }
    }

    /** What came, with the hash of its bytes. */
    @Override
    public List<String> picked(Path directory) throws IOException {
        return files(directory).map(CheckedDownload::describe).toList();
    }

    private static String describe(Path file) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return file.getFileName() + " " + HexFormat.of().formatHex(hash);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new AssertionError(file.toString(), e);
        }
    }
}
