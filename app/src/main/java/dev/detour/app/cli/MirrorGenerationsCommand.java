package dev.detour.app.cli;

import dev.detour.admin.client.AdminClientException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code detour mirror generations}: the states of a mirror that can be served. */
@Command(
        name = "generations",
        description = "Shows the states of a mirror that are kept, and which of them is served.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 ok, 1 one is damaged, 2 refused, 3 unknown.")
final class MirrorGenerationsCommand implements Callable<Integer> {
    private final PrintWriter out;

    @Option(names = "--mirror", paramLabel = "NAME", description = "which one, if there are several")
    private @Nullable String mirror;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    MirrorGenerationsCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws AdminClientException, CommandFailure {
        JsonNode generations = MirrorStatusCommand.store(admin.open(), mirror).path("generations");
        out.print(admin.json() ? Json.line(generations) : text(generations));
        out.flush();
        for (JsonNode each : generations) {
            if (each.path("problem").isString()) {
                return ExitCode.WARNING;
            }
        }
        return ExitCode.OK;
    }

    static String text(JsonNode generations) {
        Table table = new Table();
        table.row("GENERATION", "SEALED", "CONFIRMED", "PROJECTS", "");
        for (JsonNode each : generations) {
            String served = each.path("current").asBoolean(false)
                    ? each.path("pinned").asBoolean(false) ? "served, pinned" : "served"
                    : "";
            table.row(
                    each.path("number").asString(""),
                    each.path("sealedAt").asString("-"),
                    each.path("confirmedAt").asString("-"),
                    each.path("listed").asString(""),
                    each.path("problem").isString() ? each.path("problem").asString() : served);
        }
        StringBuilder text = new StringBuilder();
        table.print("", text);
        return text.toString();
    }
}
