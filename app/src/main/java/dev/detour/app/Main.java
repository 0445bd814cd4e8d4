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
        // An index may be asked at an address under another name. The JDK's client allows that only to a program that
        // says
        // so before it touches the client for the first time, whoever of us does that.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
        System.exit(Cli.onTerminal()
                .serving(new Serving())
                .mirroring(new Mirroring())
                .demonstrating(new Demo(out))
                .run(args));
    }
}
