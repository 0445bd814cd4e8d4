package dev.detour.app.support;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program in a JVM of its own, started from the classes under test. */
public final class DetourProcess implements AutoCloseable {
    private final Process process;
    private final Lines out;
    private final Lines err;

    private DetourProcess(ProcessBuilder builder) throws IOException {
        process = builder.redirectInput(new File("/dev/null")).start();
        out = new Lines(process.getInputStream(), "stdout");
        err = new Lines(process.getErrorStream(), "stderr");
    }

    /** Starts {@code detour} with these arguments; its temporary files go to {@code temporary}. */
    public static DetourProcess start(Path temporary, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.detour.app.Main"));
        command.addAll(List.of(arguments));
        return start(command, temporary);
    }

    /** Starts any command in {@code directory}, with none of the settings that the launcher takes from its environment. */
    public static DetourProcess start(List<String> command, Path directory) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("DETOUR_") || name.endsWith("_JAVA_OPTIONS"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        return new DetourProcess(builder);
    }

    /** A port of the loopback address that nobody listens on now, for programs that must be told one. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** How a process ended, and what it printed. */
    public record Ended(int exitCode, List<String> out, List<String> err) {}

    /** Waits for its end. @throws AssertionError if that does not come within {@code limit} */
    public Ended await(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("no end within " + limit + "; it printed " + out.all() + " and " + err.all());
        }
        return new Ended(process.exitValue(), out.toEnd(limit), err.toEnd(limit));
    }

    /** Waits for a line of standard output that has {@code text} in it, and returns it. */
    public String awaitLine(String text, Duration limit) throws InterruptedException {
        return out.await(text, limit, err);
    }

    /** Waits for a line of standard error, where the program logs, that has {@code text} in it, and returns it. */
    public String awaitError(String text, Duration limit) throws InterruptedException {
        return err.await(text, limit, out);
    }

    /** Asks it to stop, as a supervisor does (SIGTERM). */
    public DetourProcess stop() {
        process.destroy();
        return this;
    }

    /** Ends it at once, whatever it is doing (SIGKILL). */
    public void kill() {
        close();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** What comes out of one of its streams, read as it comes, so that it never waits for us. */
    private static final class Lines {
        // both guarded by this
        private final List<String> lines = new ArrayList<>();
        private boolean ended;

        Lines(InputStream in, String name) {
            Thread thread = new Thread(() -> read(in), "detour-process-" + name);
            thread.setDaemon(true);
            thread.start();
        }

        private void read(InputStream in) {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    add(line);
                }
            } catch (IOException e) {
                add("(not readable: " + e + ")");
            }
            end();
        }

        private synchronized void add(String line) {
            lines.add(line);
            notifyAll();
        }

        private synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized List<String> all() {
            return List.copyOf(lines);
        }

        synchronized String await(String text, Duration limit, Lines other) throws InterruptedException {
            long deadline = System.nanoTime() + limit.toNanos();
            while (true) {
                var found = lines.stream().filter(line -> line.contains(text)).findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0 || ended) {
                    throw new AssertionError(
                            "no line with \"" + text + "\" within " + limit + ", but " + lines + " and " + other.all());
                }
                wait(left);
            }
        }

        synchronized List<String> toEnd(Duration limit) throws InterruptedException {
            long deadline = System.nanoTime() + limit.toNanos();
            while (!ended) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("its output is still open after " + limit);
                }
                wait(left);
            }
            return List.copyOf(lines);
        }
    }
}
