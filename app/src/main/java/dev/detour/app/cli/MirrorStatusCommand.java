package dev.detour.app.cli;

import dev.detour.admin.client.AdminClient;
import dev.detour.admin.client.AdminClientException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code detour mirror status}: every mirror, how old and how faithful it is. */
@Command(
        name = "status",
        description = "Shows every mirror: whether it may answer, its age, its last sync and how faithful it is.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 every mirror may answer, 1 one may not, 3 unknown.")
final class MirrorStatusCommand implements Callable<Integer> {
    static final String PATH = "/api/v1/mirror";

    private final PrintWriter out;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    MirrorStatusCommand(PrintWriter out) {
        this.out = out;
    }

    /** What is known of the store of this name, or of the only one. */
    static JsonNode store(AdminClient client, @Nullable String name) throws AdminClientException, CommandFailure {
        JsonNode found = null;
        for (JsonNode mirror : client.get(PATH).path("mirrors")) {
            boolean isStore = mirror.path("store").isObject();
            if (isStore && (name == null || mirror.path("mirror").asString("").equals(name))) {
                if (found != null) {
                    throw CommandFailure.usage("--mirror is missing (expected: there are several stores)");
                }
                found = mirror.path("store");
            }
        }
        if (found == null) {
            throw CommandFailure.invalid(
                    name == null
                            ? "no mirror of the instance is a store"
                            : "--mirror is " + name + " (expected: a mirror with store)",
                    null);
        }
        return found;
    }

    @Override
    public Integer call() throws AdminClientException {
        JsonNode answer = admin.open().get(PATH);
        boolean fit = true;
        for (JsonNode mirror : answer.path("mirrors")) {
            fit &= mirror.path("fit").asBoolean(false);
        }
        out.print(admin.json() ? Json.line(answer) : text(answer.path("mirrors")));
        out.flush();
        return fit ? ExitCode.OK : ExitCode.WARNING;
    }

    private static String text(JsonNode mirrors) {
        if (mirrors.isEmpty()) {
            return "no mirror is configured\n";
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode mirror : mirrors) {
            text.append(mirror.path("mirror").asString(""))
                    .append(mirror.path("fit").asBoolean(false) ? "  fit: " : "  NOT FIT: ")
                    .append(mirror.path("detail").asString(""))
                    .append('\n');
            JsonNode store = mirror.path("store");
            if (store.path("lastSync").isObject()) {
                text.append("  last sync: ")
                        .append(store.path("lastSync").path("text").asString(""))
                        .append('\n');
            }
            if (store.path("audit").isObject()) {
                appendAudit(store.path("audit"), text);
            }
        }
        return text.toString();
    }

    static void appendAudit(JsonNode audit, StringBuilder text) {
        text.append("  audit: ").append(audit.path("compared").asInt(0)).append(" projects compared");
        if (audit.path("fidelity").isNumber()) {
            text.append(String.format(
                    java.util.Locale.ROOT,
                    ", %.2f %% faithful",
                    100 * audit.path("fidelity").asDouble()));
        }
        text.append(", ")
                .append(audit.path("repairs").asInt(0))
                .append(" repaired, oldest change waiting ")
                .append(audit.path("worstLagSeconds").asInt(0))
                .append(" s\n");
        for (Map.Entry<String, JsonNode> feature : audit.path("coverage").properties()) {
            if (feature.getValue().asDouble() < 1) {
                text.append(String.format(
                        java.util.Locale.ROOT,
                        "    %s: %.2f %% of what the index has%n",
                        feature.getKey(),
                        100 * feature.getValue().asDouble()));
            }
        }
        audit.path("unfaithful")
                .forEach(each -> text.append("    ").append(each.asString("")).append('\n'));
    }
}
