package dev.detour.app.cli;

import dev.detour.admin.client.AdminClientException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code detour mirror audit}: compares pages of a mirror with the index's now. */
@Command(
        name = "audit",
        description = "Compares the next pages of a mirror with the index's, and shows what is different.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 every compared page is the index's, 1 one is not, 2 refused, 3 unknown.")
final class MirrorAuditCommand implements Callable<Integer> {
    private final PrintWriter out;

    @Option(names = "--mirror", paramLabel = "NAME", description = "which one, if there are several")
    private @Nullable String mirror;

    @Option(
            names = "--projects",
            paramLabel = "N",
            description = "how many are compared, 1 to 100 (default: ${DEFAULT-VALUE})")
    private int projects = 20;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    MirrorAuditCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws AdminClientException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("projects", Integer.toString(projects));
        if (mirror != null) {
            body.put("mirror", mirror);
        }
        JsonNode answer = admin.open().post(MirrorStatusCommand.PATH + "/audit", body);
        JsonNode audit = answer.path("audit");
        StringBuilder text = new StringBuilder(answer.path("mirror").asString("") + "\n");
        MirrorStatusCommand.appendAudit(audit, text);
        out.print(admin.json() ? Json.line(answer) : text.toString());
        out.flush();
        return audit.path("unfaithful").isEmpty() ? ExitCode.OK : ExitCode.WARNING;
    }
}
