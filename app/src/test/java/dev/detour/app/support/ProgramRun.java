package dev.detour.app.support;

import java.time.Duration;
import java.util.List;

/**
 * What a client program did.
 *
 * @param command with all arguments
 * @param exitCode as the shell sees it
 * @param output standard output and standard error, in the order of writing
 * @param took from start to exit
 */
public record ProgramRun(List<String> command, int exitCode, String output, Duration took) {

    /** The output's lines. */
    public List<String> lines() {
        return output.lines().toList();
    }

    /** All of it, for the description of a failed assertion. */
    @Override
    public String toString() {
        return "%s%nexit code %d after %d ms%n%s"
                .formatted(String.join(" ", command), exitCode, took.toMillis(), output);
    }
}
