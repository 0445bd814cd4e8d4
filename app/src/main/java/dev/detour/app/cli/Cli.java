package dev.detour.app.cli;

import dev.detour.config.mode.Mode;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line of Detour. */
public final class Cli {
    private final CommandLine commandLine;
    private final Screen screen;

    private Cli(PrintWriter out, PrintWriter err, Screen screen) {
        this.screen = screen;
        commandLine = new CommandLine(new Root())
                .addSubcommand(new CheckCommand(out))
                .addSubcommand(new CertsCommand(out, screen, Clock.systemUTC()))
                .addSubcommand(new StatusCommand(out, screen))
                .addSubcommand(new DrainCommand(out, err))
                .addSubcommand(new PurgeCommand(out))
                .addSubcommand(new ModeCommand(out))
                .addSubcommand(new MaintenanceCommand(out))
                .addSubcommand(new CrlCommand(out, err, Clock.systemUTC()))
                .addSubcommand(MirrorCommand.of(out, err))
                .setOut(out)
                .setErr(err);
    }

    /** A command line that prints to standard output and standard error. */
    public static Cli onTerminal() {
        Charset charset = Charset.defaultCharset();
        return new Cli(
                new PrintWriter(System.out, true, charset),
                new PrintWriter(System.err, true, charset),
                Screen.ofProcess());
    }

    /** A command line that prints results to {@code out} and everything else to {@code err}. */
    public static Cli printingTo(PrintWriter out, PrintWriter err) {
        return printingTo(out, err, Screen.PLAIN);
    }

    static Cli printingTo(PrintWriter out, PrintWriter err, Screen screen) {
        return new Cli(out, err, screen);
    }

    /** Adds {@code detour serve}. */
    public Cli serving(ServeTarget target) {
        commandLine.addSubcommand(new ServeCommand(target));
        return this;
    }

    /** Adds those of {@code detour mirror} that work on a store itself. */
    public Cli mirroring(MirrorTarget target) {
        MirrorCommand.addTo(commandLine, target, screen);
        return this;
    }

    /** Adds {@code detour demo}. */
    public Cli demonstrating(DemoTarget target) {
        commandLine.addSubcommand(DemoCommand.of(target, commandLine.getOut()));
        return this;
    }

    /** Runs one command and returns its exit code. */
    public int run(String... args) {
        Failures failures = new Failures();
        int exitCode = commandLine
                .registerConverter(Mode.class, Words::mode)
                .registerConverter(Instant.class, text -> Words.instant(text, ZoneId.systemDefault()))
                .registerConverter(URI.class, Words::url)
                .setOut(commandLine.getOut())
                .setErr(commandLine.getErr())
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .execute(args);
        commandLine.getOut().flush();
        commandLine.getErr().flush();
        return exitCode;
    }

    @Command(
            name = "detour",
            description = "The front door of a Python package index that keeps pip working while the index is broken.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            synopsisSubcommandLabel = "COMMAND",
            footer = "Exit codes: 0 ok, 1 warning, 2 critical or invalid, 3 unknown, 64 usage.")
    private static final class Root {}

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Cli.class.getPackage().getImplementationVersion();
            return new String[] {"detour " + (version == null ? "(not packaged)" : version)};
        }
    }
}
