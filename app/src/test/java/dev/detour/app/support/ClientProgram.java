package dev.detour.app.support;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A client program of the system, run the way a user runs it but without the user's settings.
 *
 * <p>The distribution's own programs in {@code /usr/bin} win over whatever else is in {@code PATH}: they are the versions the
 * tests were written for.
 */
public final class ClientProgram {
    private static final Path DISTRIBUTION = Path.of("/usr/bin");
    private static final Set<String> FOREIGN_PREFIXES =
            Set.of("PIP_", "POETRY_", "TWINE_", "PYTHON", "PYENV_", "VIRTUAL_ENV", "SSL_CERT_", "CURL_", "XDG_");

    private final List<String> command;
    private final Map<String, String> environment;

    private ClientProgram(List<String> command, Map<String, String> environment) {
        this.command = command;
        this.environment = environment;
    }

    /**
     * The program of this name.
     *
     * <p>If it is absent: with {@code CI=true} in the environment the test fails, else it is aborted, and a line on standard
     * error says what was not tested.
     *
     * @param what the test does, e.g. {@code "poetry locks during an outage"}
     */
    public static ClientProgram require(String name, String what) {
        return new ClientProgram(List.of(found(name, what).toString()), Map.of());
    }

    /**
     * A module of the distribution's python3, run as {@code python3 -m module}.
     *
     * @param what as in {@link #require}
     */
    public static ClientProgram pythonModule(String module, String what) throws IOException, InterruptedException {
        ClientProgram python = require("python3", what);
        ProgramRun probe = python.run(
                Duration.ofSeconds(60),
                List.of("-c", "import importlib.util as u; exit(not u.find_spec('%s'))".formatted(module)));
        if (probe.exitCode() != 0) {
            absent("python3 with the module " + module, what);
        }
        return python.with("-m", module);
    }

    /** The same program with these arguments before all others. */
    public ClientProgram with(String... arguments) {
        return new ClientProgram(
                Stream.concat(command.stream(), Stream.of(arguments)).toList(), environment);
    }

    /** The same program with this variable in its environment. */
    public ClientProgram withVariable(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(name, value);
        return new ClientProgram(command, more);
    }

    /** Runs it in an empty directory of its own. */
    public ProgramRun run(Duration limit, List<String> arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("detour-client-");
        try {
            return run(directory, limit, arguments);
        } finally {
            delete(directory);
        }
    }

    /**
     * Runs it to its end. Its home is {@code .home} in {@code directory}, so that it finds no settings and leaves no cache.
     *
     * @param directory in which it runs
     * @throws AssertionError if it has not ended within {@code limit}; the message has its output
     */
    public ProgramRun run(Path directory, Duration limit, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(arguments);
        Path output = Files.createTempFile(directory, ".output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(whole)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(new File("/dev/null"));
        clean(builder.environment(), Files.createDirectories(directory.resolve(".home")));
        builder.environment().putAll(environment);
        long started = System.nanoTime();
        Process process = builder.start();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("no end within %s: %s%n%s".formatted(limit, whole, read(output)));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new ProgramRun(whole, process.exitValue(), read(output), Duration.ofNanos(System.nanoTime() - started));
    }

    /** Settings of this machine would decide instead of the test; pip lets REQUESTS_CA_BUNDLE win over --cert. */
    private static void clean(Map<String, String> variables, Path home) {
        variables
                .keySet()
                .removeIf(name -> FOREIGN_PREFIXES.stream().anyMatch(name::startsWith)
                        || name.endsWith("_CA_BUNDLE")
                        || name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        variables.put("PATH", DISTRIBUTION + File.pathSeparator + variables.getOrDefault("PATH", ""));
        variables.put("HOME", home.toString());
        variables.put("LC_ALL", "C.UTF-8");
        variables.put("NO_COLOR", "1");
        variables.put("PIP_CONFIG_FILE", "/dev/null");
        variables.put("PYTHONDONTWRITEBYTECODE", "1");
        variables.put("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring");
    }

    private static Path found(String name, String what) {
        return search(name).orElseGet(() -> absent(name, what));
    }

    private static Optional<Path> search(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(
                        Stream.of(DISTRIBUTION),
                        Stream.of(path.split(File.pathSeparator)).map(Path::of))
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path absent(String name, String what) {
        String line = "NOT RUN: " + what + ": needs " + name + ", which is not installed";
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(line + " (and CI must not skip it)");
        }
        System.err.println("!!! " + line);
        return Assumptions.abort(line);
    }

    private static String read(Path output) throws IOException {
        return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
