package dev.detour.app.cli;

import org.jspecify.annotations.Nullable;

/** A command that cannot do what it was asked to. The message is for the person at the terminal, who sees no stack trace. */
public final class CommandFailure extends Exception {
    private final int exitCode;

    private CommandFailure(String message, int exitCode, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** What was asked for is refused or not valid: exit code 2. */
    public static CommandFailure invalid(String message, @Nullable Throwable cause) {
        return new CommandFailure(message, ExitCode.INVALID, cause);
    }

    /** The instance could not be asked, so that nothing is known: exit code 3. */
    public static CommandFailure unknown(String message, @Nullable Throwable cause) {
        return new CommandFailure(message, ExitCode.UNKNOWN, cause);
    }

    /** The command line is wrong in a way that only the command can see: exit code 64. */
    static CommandFailure usage(String message) {
        return new CommandFailure(message, ExitCode.USAGE, null);
    }

    int exitCode() {
        return exitCode;
    }
}
