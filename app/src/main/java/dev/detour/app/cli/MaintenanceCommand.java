package dev.detour.app.cli;

import dev.detour.admin.client.AdminClientException;
import dev.detour.config.mode.Mode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code detour maintenance on|off}: read-only mode under the name that people look for. */
@Command(
        name = "maintenance",
        description = "Refuses writes (on = mode read-only) or takes them again (off = mode normal).",
        mixinStandardHelpOptions = true)
final class MaintenanceCommand implements Callable<Integer> {
    private final PrintWriter out;

    @Parameters(paramLabel = "on|off", description = "on or off", converter = Words.Maintenance.class)
    private Mode mode = Mode.NORMAL;

    @Mixin
    private ModeOptions options = new ModeOptions();

    @Mixin
    private AdminOptions admin = new AdminOptions();

    MaintenanceCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws AdminClientException {
        ModeReport report = new ModeReport(admin.open().put(ModeCommand.PATH, options.change(mode)));
        out.print(admin.json() ? report.json() : report.text());
        out.flush();
        return ExitCode.OK;
    }
}
