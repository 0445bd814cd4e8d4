package dev.detour.app;

import dev.detour.app.cli.Cli;

/** The program: everything it can do is a command of {@link Cli}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(Cli.onTerminal().run(args));
    }
}
