package dev.detour.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code detour demo}: an index, a mirror of it, and Detour in front of both. */
@Command(
        name = "demo",
        description = "Starts a small package index, a mirror of it, and Detour in front, and says what to try.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private final DemoTarget target;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = Words.Port.class,
            defaultValue = "8080",
            description = "where clients connect (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            converter = Words.Port.class,
            defaultValue = "9901",
            scope = ScopeType.INHERIT,
            description = "where the admin API listens (default: ${DEFAULT-VALUE})")
    private int adminPort;

    private DemoCommand(DemoTarget target) {
        this.target = target;
    }

    static CommandLine of(DemoTarget target, PrintWriter out) {
        DemoCommand demo = new DemoCommand(target);
        return new CommandLine(demo).addSubcommand(new Break(demo, out)).addSubcommand(new Heal(demo, out));
    }

    @Override
    public Integer call() throws IOException, CommandFailure, InterruptedException {
        target.run(port, adminPort);
        return ExitCode.OK;
    }

    private int apply(String fault, PrintWriter out) throws CommandFailure {
        out.println(target.apply(adminPort, fault));
        return ExitCode.OK;
    }

    @Command(
            name = "break",
            description = "Breaks the index of the demo that runs in another terminal.",
            mixinStandardHelpOptions = true)
    private static final class Break implements Callable<Integer> {
        private final DemoCommand demo;
        private final PrintWriter out;

        @Parameters(paramLabel = "FAULT", description = "how it fails; a wrong word is answered with the list")
        private String fault = "";

        Break(DemoCommand demo, PrintWriter out) {
            this.demo = demo;
            this.out = out;
        }

        @Override
        public Integer call() throws CommandFailure {
            if (!demo.target.faults().contains(fault)) {
                throw CommandFailure.usage(
                        "fault: \"" + fault + "\" (expected: one of " + String.join(", ", demo.target.faults()) + ")");
            }
            return demo.apply(fault, out);
        }
    }

    @Command(
            name = "heal",
            description = "Heals the index of the demo that runs in another terminal.",
            mixinStandardHelpOptions = true)
    private static final class Heal implements Callable<Integer> {
        private final DemoCommand demo;
        private final PrintWriter out;

        Heal(DemoCommand demo, PrintWriter out) {
            this.demo = demo;
            this.out = out;
        }

        @Override
        public Integer call() throws CommandFailure {
            return demo.apply(DemoTarget.HEAL, out);
        }
    }
}
