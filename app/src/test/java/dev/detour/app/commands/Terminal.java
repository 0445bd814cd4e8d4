package dev.detour.app.commands;

import dev.detour.app.cli.Cli;
import dev.detour.app.support.DemoSession;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** An operator's terminal: the commands that talk to one running instance. */
final class Terminal {
    private final DemoSession instance;

    Terminal(DemoSession instance) {
        this.instance = instance;
    }

    /** What was shown, and how the command ended. */
    record Shown(int exitCode, String out, String err) {}

    /** Types a command with where the instance is and its token. */
    Shown type(String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(
                "--admin",
                instance.adminUrl().toString(),
                "--token-file",
                instance.tokenFile().toString()));
        return typeExactly(all.toArray(String[]::new));
    }

    /** Types a command as it is. */
    static Shown typeExactly(String... command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Cli.printingTo(new PrintWriter(out, true), new PrintWriter(err, true))
                .run(command);
        return new Shown(exitCode, out.toString(), err.toString());
    }
}
