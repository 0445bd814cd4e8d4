package dev.detour.app.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code detour mirror}: what can be asked of mirrors and done to them, each a command of its own. */
@Command(
        name = "mirror",
        description = "The static copies that answer when the index cannot.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class MirrorCommand {
    private MirrorCommand() {}

    static CommandLine of(PrintWriter out, PrintWriter err) {
        return new CommandLine(new MirrorCommand()).addSubcommand(TombstoneCommand.of(out, err));
    }
}
