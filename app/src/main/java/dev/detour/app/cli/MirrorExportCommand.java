package dev.detour.app.cli;

import dev.detour.config.InvalidConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code detour mirror export}: a store as a tree that any web server can serve. */
@Command(
        name = "export",
        description =
                "Writes the served state of a store as a tree in bandersnatch's layout. Files that are right already"
                        + " are left alone.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 done, 2 refused.")
final class MirrorExportCommand implements Callable<Integer> {
    private final MirrorTarget target;
    private final PrintWriter out;

    @Parameters(paramLabel = "DIR", description = "where the tree is, or will be")
    private Path directory = Path.of("");

    @Option(names = "--hash-index", description = "puts pages below a directory of their first character")
    private boolean hashIndex;

    @Mixin
    private StoreOption store = new StoreOption();

    MirrorExportCommand(MirrorTarget target, PrintWriter out) {
        this.target = target;
        this.out = out;
    }

    @Override
    public Integer call() throws CommandFailure, InvalidConfigException, IOException, InterruptedException {
        target.exportTo(directory, store.directory(), hashIndex, out);
        return ExitCode.OK;
    }
}
