package dev.detour.app;

import dev.detour.app.cli.Cli;
import dev.detour.app.demo.Demo;
import dev.detour.app.serve.Mirroring;
import dev.detour.app.serve.Serving;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** The program: everything it can do is a command of {@link Cli}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
        System.exit(Cli.onTerminal()
                .serving(new Serving())
                .mirroring(new Mirroring())
                .demonstrating(new Demo(out))
                .run(args));
    }
}
