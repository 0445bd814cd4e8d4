package dev.detour.app.cli;

import dev.detour.admin.client.AdminClientException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code detour mirror tombstone}: what mirrors must not serve. */
@Command(
        name = "tombstone",
        description =
                "What mirrors must not serve although they have it, such as malware that the index has removed. It is"
                        + " in force at once and survives a restart. What a healthy index serves is passed on all the same.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class TombstoneCommand {
    private static final String PATH = "/api/v1/mirror/tombstones";
    private static final String TARGET = "NAME[==VERSION]|FILE";

    private TombstoneCommand() {}

    static CommandLine of(PrintWriter out, PrintWriter err) {
        return new CommandLine(new TombstoneCommand())
                .addSubcommand(new Add(out, err))
                .addSubcommand(new Show(out))
                .addSubcommand(new Remove(out));
    }

    /** The name at the terminal, unless another is given. */
    private static @Nullable String byOr(@Nullable String given) {
        return given != null ? given : System.getProperty("user.name");
    }

    private static String put(JsonNode tombstone) {
        String by = tombstone.path("by").asString("");
        return "since " + tombstone.path("since").asString("unknown") + (by.isEmpty() ? "" : " by " + by) + ": "
                + tombstone.path("reason").asString("");
    }

    @Command(
            name = "add",
            description =
                    "Withholds a project, a release or a release file, and removes what the cache has kept of it.",
            mixinStandardHelpOptions = true,
            footer = "Exit codes: 0 done, 1 done with a warning, 2 refused and nothing changed, 3 unknown.")
    private static final class Add implements Callable<Integer> {
        private final PrintWriter out;
        private final PrintWriter err;

        @Parameters(paramLabel = TARGET, description = "a project, a release, or the name of a release file")
        private String target = "";

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "why, for other operators")
        private String reason = "";

        @Option(names = "--by", paramLabel = "WHO", description = "who says so (default: your user name)")
        private @Nullable String by;

        @Mixin
        private AdminOptions admin = new AdminOptions();

        Add(PrintWriter out, PrintWriter err) {
            this.out = out;
            this.err = err;
        }

        @Override
        public Integer call() throws AdminClientException {
            ObjectNode body = JsonNodeFactory.instance
                    .objectNode()
                    .put("target", target)
                    .put("reason", reason)
                    .put("by", byOr(by));
            JsonNode answer = admin.open().post(PATH, body);
            out.print(admin.json() ? Json.line(answer) : text(answer));
            out.flush();
            answer.path("warnings").forEach(warning -> err.println("detour: warning: " + warning.asString()));
            return answer.path("warnings").isEmpty() ? ExitCode.OK : ExitCode.WARNING;
        }

        private static String text(JsonNode answer) {
            JsonNode tombstone = answer.path("tombstone");
            String named = tombstone.path("target").asString("unknown");
            int purged = answer.path("purged").asInt(0);
            int onDisk = answer.path("onDisk").asInt(0);
            return (answer.path("added").asBoolean(false)
                            ? named + " is withheld from now on\n"
                            : named + " was withheld before, " + put(tombstone) + "\n")
                    + "purged " + purged + (purged == 1 ? " answer" : " answers")
                    + (onDisk == 0 ? "\n" : ", " + onDisk + " on disk\n");
        }
    }

    @Command(name = "list", description = "Shows what is withheld, and why.", mixinStandardHelpOptions = true)
    private static final class Show implements Callable<Integer> {
        private final PrintWriter out;

        @Mixin
        private AdminOptions admin = new AdminOptions();

        Show(PrintWriter out) {
            this.out = out;
        }

        @Override
        public Integer call() throws AdminClientException {
            JsonNode answer = admin.open().get(PATH);
            out.print(admin.json() ? Json.line(answer) : text(answer.path("tombstones")));
            out.flush();
            return ExitCode.OK;
        }

        private static String text(JsonNode tombstones) {
            if (tombstones.isEmpty()) {
                return "nothing is withheld\n";
            }
            Table table = new Table();
            table.row("TARGET", "SINCE", "BY", "REASON");
            for (JsonNode each : tombstones) {
                String by = each.path("by").asString("");
                table.row(
                        each.path("target").asString("unknown"),
                        each.path("since").asString("unknown"),
                        by.isEmpty() ? "-" : by,
                        each.path("reason").asString(""));
            }
            StringBuilder text = new StringBuilder();
            table.print("", text);
            return text.toString();
        }
    }

    @Command(
            name = "remove",
            description = "Lets mirrors serve it again.",
            mixinStandardHelpOptions = true,
            footer = "Exit codes: 0 done, 2 refused and nothing changed, 3 unknown.")
    private static final class Remove implements Callable<Integer> {
        private final PrintWriter out;

        @Parameters(paramLabel = TARGET, description = "as detour mirror tombstone list shows it")
        private String target = "";

        @Option(names = "--by", paramLabel = "WHO", description = "who says so (default: your user name)")
        private @Nullable String by;

        @Mixin
        private AdminOptions admin = new AdminOptions();

        Remove(PrintWriter out) {
            this.out = out;
        }

        @Override
        public Integer call() throws AdminClientException {
            String who = byOr(by);
            JsonNode answer = admin.open()
                    .delete(PATH + "?target=" + encoded(target) + (who == null ? "" : "&by=" + encoded(who)));
            out.print(admin.json() ? Json.line(answer) : text(answer.path("removed")));
            out.flush();
            return ExitCode.OK;
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }

        private static String text(JsonNode tombstone) {
            return tombstone.path("target").asString("unknown") + " is served again; it was withheld " + put(tombstone)
                    + "\n";
        }
    }
}
