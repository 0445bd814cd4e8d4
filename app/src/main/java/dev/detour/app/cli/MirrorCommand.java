package dev.detour.app.cli;

import java.io.PrintWriter;
import java.util.Objects;
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

    /** The commands that talk to a running instance. */
    static CommandLine of(PrintWriter out, PrintWriter err) {
        return new CommandLine(new MirrorCommand())
                .addSubcommand(new MirrorStatusCommand(out))
                .addSubcommand(new MirrorAuditCommand(out))
                .addSubcommand(new MirrorGenerationsCommand(out))
                .addSubcommand(new MirrorRollbackCommand(out))
                .addSubcommand(TombstoneCommand.of(out, err));
    }

    /** Adds the commands that work on a store themselves. */
    static void addTo(CommandLine detour, MirrorTarget target, Screen screen) {
        CommandLine mirror = Objects.requireNonNull(detour.getSubcommands().get("mirror"));
        mirror.addSubcommand(new MirrorSyncCommand(target, screen, detour.getOut()))
                .addSubcommand(new MirrorVerifyCommand(target, detour.getOut()))
                .addSubcommand(new MirrorImportCommand(target, detour.getOut()))
                .addSubcommand(new MirrorExportCommand(target, detour.getOut()))
                .addSubcommand(new MirrorPublishCommand(target, detour.getOut()))
                .addSubcommand(new MirrorFollowCommand(target, detour.getOut()));
    }
}
