package dev.detour.app.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.UnaryOperator;

/** A person's terminal: what one command printed, and its exit code. */
record Terminal(int exitCode, String out, String err) {
    static Terminal run(String... args) {
        return run(cli -> cli, args);
    }

    static Terminal run(UnaryOperator<Cli> with, String... args) {
        return run(with, Screen.PLAIN, args);
    }

    static Terminal run(Screen screen, String... args) {
        return run(cli -> cli, screen, args);
    }

    private static Terminal run(UnaryOperator<Cli> with, Screen screen, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Cli cli = with.apply(Cli.printingTo(new PrintWriter(out, true), new PrintWriter(err, true), screen));
        int exitCode = cli.run(args);
        return new Terminal(exitCode, out.toString(), err.toString());
    }
}
