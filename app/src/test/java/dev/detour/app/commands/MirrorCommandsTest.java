package dev.detour.app.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.cli.Cli;
import dev.detour.app.demo.DemoIndex;
import dev.detour.app.demo.DemoPackages;
import dev.detour.app.serve.Mirroring;
import dev.detour.app.serve.Server;
import dev.detour.app.support.AccessLines;
import dev.detour.config.ConfigLoader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code detour mirror}, command by command, on a store of the demo's index. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class MirrorCommandsTest {
    @TempDir
    private Path directory = Path.of("");

    private DemoIndex index;
    private Path config;
    private Path store;

    private record Said(int exitCode, String out, String err) {}

    @BeforeEach
    void copyTheIndex() throws Exception {
        index = DemoIndex.clear(new DemoPackages(), 0, Clock.systemUTC());
        store = directory.resolve("mirror");
        config = Files.writeString(directory.resolve("detour.yaml"), """
                listeners: [{address: "127.0.0.1:0"}]
                admin: {address: "127.0.0.1:0", token-file: admin.token}
                state: state
                backends: {demo: {endpoints: ["http://127.0.0.1:%d"]}}
                mirrors: {local: {store: mirror, files: all, sync: {rate: 1000}}}
                index: {preset: pypi, backend: demo, mirror: local}
                """.formatted(index.port()));
        assertThat(detour("sync", "--config", config.toString()).exitCode()).isZero();
    }

    @AfterEach
    void stop() {
        index.close();
    }

    private static Said detour(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = new String[arguments.length + 1];
        all[0] = "mirror";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int exitCode = Cli.printingTo(new PrintWriter(out, true), new PrintWriter(err, true))
                .mirroring(new Mirroring())
                .run(all);
        return new Said(exitCode, out.toString(), err.toString());
    }

    private Said asked(Server server, String... arguments) {
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--admin";
        all[arguments.length + 1] = "http://127.0.0.1:" + server.adminAddress().getPort();
        all[arguments.length + 2] = "--token-file";
        all[arguments.length + 3] = directory.resolve("admin.token").toString();
        return detour(all);
    }

    private Server server() throws Exception {
        return Server.start(ConfigLoader.load(config), new AccessLines(), List.of());
    }

    @Test
    void verifyReadsEveryByte() throws Exception {
        assertThat(detour("verify", "--store", store.toString()).out())
                .containsPattern("generation 1: [1-9][0-9]* pages and [1-9][0-9]* files are as they were signed");
    }

    @Test
    void verifyNamesTheGenerationThatIsNotWhatWasSigned() throws Exception {
        Path manifest = store.resolve("generations/000001/manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"form\":1", "\"form\":1 "));

        Said said = detour("verify", "--config", config.toString());

        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.out()).contains("generation 1: ", "is not signed by the key of this mirror");
    }

    @Test
    void whatIsExportedIsImportedAgainPageForPage() throws Exception {
        Path tree = directory.resolve("tree");
        Path second = directory.resolve("second");

        assertThat(detour("export", tree.toString(), "--store", store.toString())
                        .exitCode())
                .isZero();
        assertThat(tree.resolve("web/simple/demolib/index.v1_json")).exists();
        Said imported = detour("import", tree.resolve("web").toString(), "--store", second.toString());

        assertThat(imported.exitCode()).as("%s", imported).isZero();
        assertThat(rootHash(second)).isEqualTo(rootHash(store));
    }

    /** Over the names, serials and hashes of all pages. */
    private static String rootHash(Path store) throws Exception {
        return Files.readString(store.resolve("generations/000001/manifest.json"))
                .replaceAll("(?s).*\"root-hash\":\"([0-9a-f]{64})\".*", "$1");
    }

    @Test
    void whatIsPublishedIsFollowedAndOnlyWithTheRightKey() throws Exception {
        Path published = directory.resolve("published");
        assertThat(detour("publish", published.toString(), "--store", store.toString())
                        .exitCode())
                .isZero();
        String key = store.resolve("key/ed25519.pub").toString();

        Said followed = detour(
                "follow",
                published.toUri().toString(),
                "--key",
                key,
                "--store",
                directory.resolve("follower").toString());

        assertThat(followed.exitCode()).as("%s", followed).isZero();
        assertThat(detour(
                                "verify",
                                "--key",
                                key,
                                "--store",
                                directory.resolve("follower").toString())
                        .exitCode())
                .isZero();
        assertThat(detour(
                                "sync",
                                "--config",
                                Files.writeString(
                                                directory.resolve("other.yaml"),
                                                Files.readString(config).replace("store: mirror", "store: other"))
                                        .toString())
                        .exitCode())
                .isZero();
        Said refused = detour(
                "follow",
                published.toUri().toString(),
                "--key",
                directory.resolve("other/key/ed25519.pub").toString(),
                "--store",
                directory.resolve("third").toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("sign");
    }

    @Test
    void aRunningInstanceShowsSyncsAndComparesItsMirror() throws Exception {
        try (Server server = server()) {
            Said synced = asked(server, "sync");
            assertThat(synced.exitCode()).as("%s", synced).isZero();
            assertThat(synced.out()).contains("generation 1, confirmed");

            Said audited = asked(server, "audit", "--projects", "2");
            assertThat(audited.exitCode()).as("%s", audited).isZero();
            assertThat(audited.out()).containsPattern("[1-9][0-9]* projects compared, 100.00 % faithful");

            assertThat(asked(server, "status").out()).contains("local  fit: generation 1, ");
        }
    }

    @Test
    void aStoreThatAnInstanceHasOpenIsNotImportedInto() throws Exception {
        try (Server server = server()) {
            Said said = detour("import", directory.toString(), "--store", store.toString());

            assertThat(said.exitCode()).isEqualTo(2);
            assertThat(said.err()).contains("is in use by process");
            assertThat(asked(server, "generations").out()).contains("served");
        }
    }

    @Test
    void rollbackToNothingIsRefusedAndUnpinServesTheNewest() throws Exception {
        try (Server server = server()) {
            assertThat(asked(server, "rollback").err()).contains("no generation before the one that is served");
            assertThat(asked(server, "rollback", "7").err()).contains("there is no generation 7");
            assertThat(asked(server, "rollback", "1").out()).contains("served, pinned");
            assertThat(asked(server, "rollback", "--unpin").out()).doesNotContain("pinned");
        }
        assertThat(directory.resolve("state").resolve("audit.log"))
                .content()
                .contains(
                        "\"event\":\"mirror-rollback\",\"mirror\":\"local\",\"generation\":1}",
                        "\"event\":\"mirror-unpin\",\"mirror\":\"local\"");
    }
}
