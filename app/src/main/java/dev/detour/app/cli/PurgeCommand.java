package dev.detour.app.cli;

import dev.detour.admin.client.AdminClient;
import dev.detour.admin.client.AdminClientException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code detour purge}: has the response cache forget answers. */
@Command(
        name = "purge",
        description =
                "Has cached answers fetched again. They may still be given while the backend fails, unless --hard removes"
                        + " them.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 done, 2 refused and nothing changed, 3 unknown.")
final class PurgeCommand implements Callable<Integer> {
    private static final String PURGE = "/api/v1/cache/purge";

    private final PrintWriter out;

    @ArgGroup(multiplicity = "1")
    private @Nullable What what;

    @Option(names = "--hard", description = "removes them: for what must not be given any more, whatever happens")
    private boolean hard;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    /** Exactly one of these. */
    private static final class What {
        @Parameters(
                paramLabel = "URL",
                arity = "1..*",
                description = "https://host/path, or /path for every host; with all variants")
        private List<String> urls = List.of();

        @Option(names = "--key", paramLabel = "K", description = "what carries this surrogate key; may be repeated")
        private List<String> keys = List.of();

        @Option(names = "--all", description = "everything")
        private boolean all;
    }

    PurgeCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws AdminClientException, CommandFailure {
        AdminClient client = admin.open();
        JsonNode answer = client.post(PURGE, body());
        out.print(admin.json() ? Json.line(answer) : text(answer));
        out.flush();
        return ExitCode.OK;
    }

    private ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (what != null) {
            add(body, "urls", what.urls);
            add(body, "keys", what.keys);
            if (what.all) {
                body.put("all", true);
            }
        }
        return body.put("hard", hard);
    }

    private static void add(ObjectNode body, String name, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = body.putArray(name);
            values.forEach(array::add);
        }
    }

    private String text(JsonNode answer) {
        int purged = answer.path("purged").asInt(0);
        int onDisk = answer.path("onDisk").asInt(0);
        return "purged " + purged + (purged == 1 ? " answer" : " answers")
                + (onDisk == 0 ? "" : ", " + onDisk + " on disk") + (hard ? "\n" : " (marked stale)\n");
    }
}
