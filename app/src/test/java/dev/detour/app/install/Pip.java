package dev.detour.app.install;

import dev.detour.app.support.ClientProgram;
import dev.detour.app.support.ProgramRun;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The distribution's pip, which installs into an empty virtual environment. */
final class Pip implements Installer {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ClientProgram python;
    private final ClientProgram pip;

    Pip(String what) throws IOException, InterruptedException {
        python = ClientProgram.pythonModule("venv", what);
        pip = ClientProgram.pythonModule("pip", what);
    }

    @Override
    public ProgramRun run(Path directory, URI index) throws IOException, InterruptedException {
        ProgramRun made = python.run(directory, LIMIT, List.of("--without-pip", "--copies", "venv"));
        if (made.exitCode() != 0) {
            throw new AssertionError("no virtual environment: " + made);
        }
        return pip.run(
                directory,
                LIMIT,
                List.of(
                        "--python",
                        directory.resolve("venv/bin/python").toString(),
                        "install",
                        "--no-cache-dir",
                        "--disable-pip-version-check",
                        "--no-input",
                        "--index-url",
                        index.toString(),
                        "demoapp"));
    }

    @Override
    public List<String> picked(Path directory) throws IOException {
        return Installed.below(directory.resolve("venv/lib"));
    }
}
