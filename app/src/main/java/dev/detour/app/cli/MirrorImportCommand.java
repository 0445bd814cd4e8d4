package dev.detour.app.cli;

import dev.detour.config.InvalidConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code detour mirror import}: another copy of an index is taken over. */
@Command(
        name = "import",
        description =
                "Takes over a tree of bandersnatch's or shadowmire's, or a file of pages, into a store that no instance"
                        + " has open. What the store has newer, it keeps.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 everything is taken over, 1 pages that are not good were left out, 2 refused.")
final class MirrorImportCommand implements Callable<Integer> {
    private final MirrorTarget target;
    private final PrintWriter out;

    @Parameters(paramLabel = "FROM", description = "the tree's directory, or a file of pages (.jsonl, .jsonl.zst)")
    private Path from = Path.of("");

    @Mixin
    private StoreOption store = new StoreOption();

    MirrorImportCommand(MirrorTarget target, PrintWriter out) {
        this.target = target;
        this.out = out;
    }

    @Override
    public Integer call() throws CommandFailure, InvalidConfigException, IOException, InterruptedException {
        return target.importFrom(from, store.directory(), out) ? ExitCode.OK : ExitCode.WARNING;
    }
}
