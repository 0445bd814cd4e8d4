package dev.detour.app.cli;

import dev.detour.admin.client.AdminClientException;
import dev.detour.config.mode.Mode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code detour mode}: shows or changes the operator's wish. */
@Command(
        name = "mode",
        description = "Shows the modes in force, or sets one: normal, read-only (writes are refused), divert (the"
                + " backend is not asked), offline (everything is refused).",
        mixinStandardHelpOptions = true)
final class ModeCommand implements Callable<Integer> {
    static final String PATH = "/api/v1/mode";

    private final PrintWriter out;

    @Parameters(arity = "0..1", paramLabel = "MODE", description = "normal, read-only, divert or offline")
    private @Nullable Mode mode;

    @Mixin
    private ModeOptions options = new ModeOptions();

    @Mixin
    private AdminOptions admin = new AdminOptions();

    ModeCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws AdminClientException, CommandFailure {
        if (mode == null && options.given()) {
            throw CommandFailure.usage(
                    "no mode given (expected: one of normal, read-only, divert, offline before the options)");
        }
        ModeReport report = new ModeReport(
                mode == null ? admin.open().get(PATH) : admin.open().put(PATH, options.change(mode)));
        out.print(admin.json() ? report.json() : report.text());
        out.flush();
        return ExitCode.OK;
    }
}
