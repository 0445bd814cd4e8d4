package dev.detour.app.cli;

import dev.detour.config.DetourConfig;
import java.io.IOException;
import java.nio.file.Path;

/** What {@code detour serve} starts. */
@FunctionalInterface
public interface ServeTarget {
    /**
     * Serves until the process is told to stop.
     *
     * @param file where the configuration was read, to watch it for changes
     * @param config what it says now
     * @throws IOException if it cannot start (a port in use, an unreadable key); the message is one line for the operator
     * @throws CommandFailure if it cannot start, with another exit code than 2
     * @throws InterruptedException if the calling thread is told to stop
     */
    void serve(Path file, DetourConfig config) throws IOException, CommandFailure, InterruptedException;
}
