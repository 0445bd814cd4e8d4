package dev.detour.app.install;

import dev.detour.app.support.ClientProgram;
import dev.detour.app.support.ProgramRun;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The distribution's poetry, in a project that has nothing but the index as its one source. */
final class Poetry implements Installer {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern LOCKED =
            Pattern.compile("\\[\\[package]]\nname = \"([^\"]+)\"\nversion = \"([^\"]+)\"");

    private final ClientProgram poetry;
    private final String dependency;

    private Poetry(ClientProgram poetry, String dependency) {
        this.poetry = poetry;
        this.dependency = dependency;
    }

    /** Resolves what the project already needs and writes the lock file, which takes it a second. */
    static Poetry locking(String what) {
        return new Poetry(ClientProgram.require("poetry", what).with("lock"), "demoapp = \"*\"");
    }

    /** Adds the dependency to the project and installs all into an environment, which takes it several seconds. */
    static Poetry adding(String what) {
        return new Poetry(ClientProgram.require("poetry", what).with("add", "demoapp"), "");
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
                %s

                [[tool.poetry.source]]
                name = "detour"
                url = "%s"
                default = true
                """.formatted(dependency, index));
        Files.writeString(directory.resolve("poetry.toml"), """
                [virtualenvs]
                create = %s
                in-project = true

                [virtualenvs.options]
                always-copy = true
                no-pip = true
                no-setuptools = true
                """.formatted(dependency.isEmpty()));
        return poetry.run(directory, LIMIT, List.of("--no-interaction", "--no-cache"));
    }

    /** As the lock file has it and, where there is an environment, as that has it. */
    @Override
    public List<String> picked(Path directory) throws IOException {
        Path lock = directory.resolve("poetry.lock");
        Stream<String> locked = Files.notExists(lock)
                ? Stream.empty()
                : LOCKED.matcher(Files.readString(lock)).results().map(found -> found.group(1) + "-" + found.group(2));
        Path environment = directory.resolve(".venv/lib");
        Stream<String> installed = Files.notExists(environment)
                ? Stream.empty()
                : Installed.below(environment).stream().map(each -> "installed " + each);
        return Stream.concat(locked, installed).sorted().toList();
    }
}
