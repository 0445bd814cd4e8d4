package dev.detour.app.cli;

import dev.detour.admin.client.AdminClient;
import dev.detour.admin.client.AdminClientException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code detour mirror rollback}: another generation is served, at once. */
@Command(
        name = "rollback",
        description = "Serves an earlier state of a mirror at once and keeps to it, whatever is synchronised meanwhile;"
                + " without a number the one before.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 done, 2 refused and nothing changed, 3 unknown.")
final class MirrorRollbackCommand implements Callable<Integer> {
    private final PrintWriter out;

    @ArgGroup
    private @Nullable Where where;

    @Option(names = "--mirror", paramLabel = "NAME", description = "which one, if there are several")
    private @Nullable String mirror;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    /** At most one of these. */
    private static final class Where {
        @Parameters(paramLabel = "GENERATION", arity = "1", description = "a number from detour mirror generations")
        private @Nullable Long generation;

        @Option(names = "--unpin", description = "serves the newest state again, and those that come")
        private boolean unpin;
    }

    MirrorRollbackCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws AdminClientException, CommandFailure {
        AdminClient client = admin.open();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (mirror != null) {
            body.put("mirror", mirror);
        }
        if (where != null && where.unpin) {
            body.put("unpin", true);
        } else {
            Long wanted = where == null ? null : where.generation;
            body.put("generation", wanted == null ? before(client) : Long.toString(wanted));
        }
        JsonNode answer = client.post(MirrorStatusCommand.PATH + "/rollback", body);
        out.print(admin.json() ? Json.line(answer) : MirrorGenerationsCommand.text(answer.path("generations")));
        out.flush();
        return ExitCode.OK;
    }

    private String before(AdminClient client) throws AdminClientException, CommandFailure {
        String before = null;
        for (JsonNode each : MirrorStatusCommand.store(client, mirror).path("generations")) {
            if (each.path("current").asBoolean(false)) {
                if (before == null) {
                    break;
                }
                return before;
            }
            before = each.path("number").asString("");
        }
        throw CommandFailure.invalid("there is no generation before the one that is served", null);
    }
}
