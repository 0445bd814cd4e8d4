package dev.detour.app.cli;

import dev.detour.admin.client.AdminClient;
import dev.detour.admin.client.AdminClientException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code detour drain}: takes one endpoint out of service, or back in. */
@Command(
        name = "drain",
        description =
                "Lets an endpoint finish what it has and gives it nothing new; survives a restart. It says nothing"
                        + " about the endpoint's health, and health does not end it.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 done, 1 done with a warning, 2 refused and nothing changed, 3 unknown.")
final class DrainCommand implements Callable<Integer> {
    private static final String BACKENDS = "/api/v1/backends";

    private final PrintWriter out;
    private final PrintWriter err;

    @Parameters(index = "0", paramLabel = "BACKEND", description = "its configured name")
    private String backend = "";

    @Parameters(
            index = "1",
            paramLabel = "ENDPOINT",
            description = "host:port as detour status shows it; a configured name means each of its addresses")
    private String endpoint = "";

    @Option(names = "--undo", description = "ends the drain: the endpoint gets requests again if it is up")
    private boolean undo;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for other operators")
    private @Nullable String reason;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    DrainCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws AdminClientException, CommandFailure {
        AdminClient client = admin.open();
        JsonNode version = client.get(BACKENDS).path("drainsVersion");
        if (!version.isNumber()) {
            throw CommandFailure.unknown("the instance does not know drains (is it an older Detour?)", null);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("drained", !undo);
        if (reason != null) {
            body.put("reason", reason);
        }
        // With the version just seen: what another operator decides in between is not overwritten unseen.
        JsonNode answer = client.postIfMatch(path(), body, version.asLong());
        out.print(admin.json() ? Json.line(answer) : text(answer));
        out.flush();
        answer.path("warnings").forEach(warning -> err.println("detour: warning: " + warning.asString()));
        return answer.path("warnings").isEmpty() ? ExitCode.OK : ExitCode.WARNING;
    }

    private String path() {
        return BACKENDS + "/" + segment(backend) + "/endpoints/" + segment(endpoint) + "/drain";
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String text(JsonNode answer) {
        String wish = answer.path("drained").asBoolean(false) ? "drained" : "not drained";
        JsonNode endpoints = answer.path("endpoints");
        if (endpoints.isEmpty()) {
            return endpoint + " of backend " + backend + ": " + wish + ", has no address now\n";
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode one : endpoints) {
            text.append(one.path("endpoint").asString("unknown"))
                    .append(" of backend ")
                    .append(backend);
            text.append(one.path("drained").asBoolean(false) ? ": drained, " : ": not drained, ");
            text.append(one.path("standing").asString("unknown")).append(", ");
            text.append(one.path("inUse").asInt(0)).append(" requests in progress\n");
        }
        return text.toString();
    }
}
