package dev.detour.app.cli;

import dev.detour.admin.client.AdminClient;
import dev.detour.admin.client.AdminClientException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code detour status}: what is broken, since when, and why. */
@Command(
        name = "status",
        description = "Shows every backend, endpoint and mirror of a running instance, and what is wrong with it.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 ok, 1 warning, 2 critical, 3 unknown (the instance could not be asked).")
final class StatusCommand implements Callable<Integer> {
    static final String PATH = "/api/v1/status";
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final String HOME = "\u001b[H";
    private static final String TO_END_OF_LINE = "\u001b[K";
    private static final String TO_END_OF_SCREEN = "\u001b[J";

    private final PrintWriter out;
    private final Screen screen;

    @Option(names = "--watch", description = "looks again every second until interrupted")
    private boolean watch;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    StatusCommand(PrintWriter out, Screen screen) {
        this.out = out;
        this.screen = screen;
    }

    @Override
    public Integer call() throws CommandFailure {
        AdminClient client = open();
        return watch ? watch(client) : once(client);
    }

    private int once(AdminClient client) throws CommandFailure {
        try {
            JsonNode answer = client.get(PATH);
            StatusReport report = new StatusReport(answer);
            out.print(admin.json() ? Json.line(answer) : report.text());
            out.flush();
            return report.exitCode();
        } catch (AdminClientException e) {
            throw unknown(e);
        }
    }

    /** An instance that goes away is part of what is watched: it may come back. */
    private int watch(AdminClient client) {
        int exitCode = ExitCode.UNKNOWN;
        boolean interrupted = false;
        while (!interrupted) {
            try {
                JsonNode answer = client.get(PATH);
                StatusReport report = new StatusReport(answer);
                exitCode = report.exitCode();
                paint(admin.json() ? Json.compactLine(answer) : report.text());
            } catch (AdminClientException e) {
                exitCode = ExitCode.UNKNOWN;
                paint(
                        admin.json()
                                ? Json.compactLine(new Unknown("unknown", e.getMessage()))
                                : "UNKNOWN  " + e.getMessage() + "\n");
            }
            interrupted = !rested();
        }
        return exitCode;
    }

    private void paint(String picture) {
        if (screen.repaints() && !admin.json()) {
            // Painted over and not cleared first: that would flicker.
            out.print(HOME + picture.replace("\n", TO_END_OF_LINE + "\n") + TO_END_OF_SCREEN);
        } else {
            out.print(picture);
        }
        out.flush();
    }

    private boolean rested() {
        try {
            screen.rest(PERIOD);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private AdminClient open() throws CommandFailure {
        try {
            return admin.open();
        } catch (AdminClientException e) {
            throw unknown(e);
        }
    }

    /** Whatever kept the answer away, an outage of the index is not proved by it. */
    private static CommandFailure unknown(AdminClientException e) {
        return CommandFailure.unknown(String.valueOf(e.getMessage()), e);
    }

    private record Unknown(String status, @Nullable String reason) {}
}
