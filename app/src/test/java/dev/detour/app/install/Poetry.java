package dev.detour.app.install;

import dev.detour.app.support.ClientProgram;
import dev.detour.app.support.ProgramRun;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The distribution's poetry, which resolves a project of its own and locks versions and hashes. */
final class Poetry implements Installer {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern LOCKED =
            Pattern.compile("\\[\\[package]]\nname = \"(?<name>[^\"]+)\"\nversion = \"(?<version>[^\"]+)\"");

    private final ClientProgram poetry;

    Poetry(String what) {
        // locking needs an interpreter to look at, not an environment of its own
        poetry = ClientProgram.require("poetry", what).withVariable("POETRY_VIRTUALENVS_CREATE", "false");
    }

    @Override
    public ProgramRun run(Path directory, URI index) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("pyproject.toml"), """
                [tool.poetry]
                name = "trial"
                version = "0"
                description = ""
                authors = []

                [tool.poetry.dependencies]
                python = "^3.7"
                demoapp = "*"

                [[tool.poetry.source]]
                name = "detour"
                url = "%s"
                default = true
                """.formatted(index));
        return poetry.run(directory, LIMIT, List.of("lock", "--no-interaction", "--no-cache"));
    }

    @Override
    public List<String> picked(Path directory) throws IOException {
        Path lock = directory.resolve("poetry.lock");
        if (Files.notExists(lock)) {
            return List.of();
        }
        Matcher locked = LOCKED.matcher(Files.readString(lock));
        return locked.results()
                .map(found -> found.group(1) + "-" + found.group(2))
                .sorted()
                .toList();
    }
}
