package dev.detour.app.cli;

import dev.detour.admin.client.AdminClientException;
import dev.detour.config.InvalidConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What the terminal shows when a command fails, and the exit code of each kind of failure. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("detour: " + failure.getMessage());
        if (command.getParent() == null) {
            CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
            command.usage(err);
        } else {
            err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof InvalidConfigException invalid) {
            invalid.problems().forEach(problem -> err.println("detour: " + problem));
            return ExitCode.INVALID;
        }
        err.println("detour: " + sentence(failure));
        return exitCode(failure);
    }

    private static String sentence(Exception failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
        boolean expected = failure instanceof CommandFailure
                || failure instanceof AdminClientException
                || failure instanceof IOException;
        if (expected && failure.getMessage() != null) {
            return failure.getMessage().strip().replaceAll("\\s*\\R\\s*", "; ");
        }
        log.debug("command failed", failure);
        StackTraceElement[] trace = failure.getStackTrace();
        return "internal error: " + failure + (trace.length == 0 ? "" : " at " + trace[0])
                + " (please report it; -Ddetour.log=debug in DETOUR_JAVA_OPTS shows more)";
    }

    private static int exitCode(Exception failure) {
        if (failure instanceof CommandFailure known) {
            return known.exitCode();
        }
        if (failure instanceof AdminClientException refused) {
            int status = refused.status();
            boolean asked = status != 0 && status != UNAUTHORIZED && status != FORBIDDEN;
            return asked ? ExitCode.INVALID : ExitCode.UNKNOWN;
        }
        return failure instanceof InterruptedException ? ExitCode.UNKNOWN : ExitCode.INVALID;
    }
}
