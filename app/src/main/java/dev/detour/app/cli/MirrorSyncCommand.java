package dev.detour.app.cli;

import dev.detour.admin.client.AdminClient;
import dev.detour.admin.client.AdminClientException;
import dev.detour.config.DetourConfig;
import dev.detour.config.InvalidConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code detour mirror sync}: one run, of the running instance or by this process. */
@Command(
        name = "sync",
        description =
                "Has a mirror copy what has changed in the index, and waits until it has. With --config, this process"
                        + " does it itself, for a store that no instance has open.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 the copy agrees with the index's list, 1 it does not, 2 refused, 3 unknown.")
final class MirrorSyncCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(500);

    private final MirrorTarget target;
    private final Screen screen;
    private final PrintWriter out;

    @Option(names = "--mirror", paramLabel = "NAME", description = "which one, if there are several")
    private @Nullable String mirror;

    @Option(names = "--config", paramLabel = "FILE", description = "does it in this process")
    private @Nullable Path config;

    @Option(names = "--no-wait", description = "does not wait for the running instance")
    private boolean noWait;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    MirrorSyncCommand(MirrorTarget target, Screen screen, PrintWriter out) {
        this.target = target;
        this.screen = screen;
        this.out = out;
    }

    @Override
    public Integer call()
            throws AdminClientException, CommandFailure, InvalidConfigException, IOException, InterruptedException {
        if (config != null) {
            DetourConfig loaded = MirrorChoice.load(config);
            boolean confirmed = target.sync(loaded, MirrorChoice.of(loaded, mirror), screen.repaints(), out);
            return confirmed ? ExitCode.OK : ExitCode.WARNING;
        }
        AdminClient client = admin.open();
        String before = startedAt(MirrorStatusCommand.store(client, mirror));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (mirror != null) {
            body.put("mirror", mirror);
        }
        JsonNode asked = client.post("/api/v1/mirror/sync", body);
        if (noWait) {
            out.print(admin.json() ? Json.line(asked) : "a run begins as soon as may be\n");
            out.flush();
            return ExitCode.OK;
        }
        JsonNode report = await(client, before);
        out.print(admin.json() ? Json.line(report) : report.path("text").asString("") + "\n");
        report.path("parked")
                .forEach(parked -> out.print("  " + parked.path("project").asString("") + ": "
                        + parked.path("reason").asString("") + "\n"));
        out.flush();
        return report.path("confirmed").asBoolean(false) ? ExitCode.OK : ExitCode.WARNING;
    }

    private JsonNode await(AdminClient client, String before)
            throws AdminClientException, CommandFailure, InterruptedException {
        while (true) {
            JsonNode store = MirrorStatusCommand.store(client, mirror);
            if (!startedAt(store).equals(before)) {
                return store.path("lastSync");
            }
            screen.rest(LOOK);
        }
    }

    private static String startedAt(JsonNode store) {
        return store.path("lastSync").path("startedAt").asString("");
    }
}
