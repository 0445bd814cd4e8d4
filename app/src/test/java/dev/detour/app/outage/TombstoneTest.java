package dev.detour.app.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.app.cli.Cli;
import dev.detour.app.demo.DemoPackages;
import dev.detour.app.demo.DemoTree;
import dev.detour.app.serve.Server;
import dev.detour.app.support.AccessLines;
import dev.detour.config.ConfigLoader;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Malware that a plain tree and the cache still have, in the whole program: one command, and nobody gets it in an outage. */
@SuppressWarnings("NullAway.Init")
class TombstoneTest {
    private static final DemoPackages PACKAGES = new DemoPackages();
    private static final String PAGE = "/simple/demolib/";
    private static final String DOCUMENT = "/pypi/demolib/json";
    private static final String OTHER = "/simple/demoapp/";

    @TempDir
    Path directory;

    private final FakeBackend backend = FakeBackend.clear();
    private Server server;

    /** Paths of files of demolib, of which the first is the one to go. */
    private String download;

    private String otherDownload;

    @BeforeEach
    void start() throws Exception {
        Path web = directory.resolve("web");
        DemoTree.write(PACKAGES, web, Clock.systemUTC());
        try (Stream<Path> walk = Files.walk(web.resolve("packages"))) {
            List<String> files = walk.filter(path -> path.toString().matches(".*/demolib-[^/]*\\.(?:whl|tar\\.gz)"))
                    .map(path -> "/" + web.relativize(path))
                    .sorted()
                    .toList();
            download = files.get(0);
            otherDownload = files.get(1);
        }
        server = started();
    }

    private Server started() throws Exception {
        String yaml = """
                listeners: [{address: "127.0.0.1:0"}]
                admin: {address: "127.0.0.1:0", token-file: admin.token}
                state: state
                cache: {memory: 16MiB, disk: {path: copies, size: 64MiB}}
                backends:
                  warehouse:
                    endpoints: ["%s"]
                    breaker: {minimum-calls: 2, open-for: 1s, trial-calls: 1, ramp: 0s}
                mirrors: {local: {tree: web, max-age: 24h}}
                index: {preset: pypi, backend: warehouse, mirror: local}
                """.formatted(backend.url());
        return Server.start(ConfigLoader.load(yaml, directory), new AccessLines(), List.of());
    }

    private void restart() throws Exception {
        server.close();
        server = started();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        backend.close();
    }

    private RawResponse get(String target) throws IOException {
        try (RawClient client = RawClient.clear(server.addresses().get(0).getPort())) {
            return client.get(target).read();
        }
    }

    private int status(String target) throws IOException {
        return get(target).status();
    }

    /** Types a command; it has to be done without a warning. */
    private String tombstone(String... words) {
        List<String> typed = new ArrayList<>(List.of("mirror", "tombstone"));
        typed.addAll(List.of(words));
        typed.addAll(List.of(
                "--admin",
                "http://127.0.0.1:" + server.adminAddress().getPort(),
                "--token-file",
                directory.resolve("admin.token").toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Cli.printingTo(new PrintWriter(out, true), new PrintWriter(err, true))
                .run(typed.toArray(String[]::new));
        assertThat(exitCode).as(out + " " + err).isZero();
        return out.toString();
    }

    private String add(String target) {
        return tombstone("add", target, "--reason", "steals tokens");
    }

    @Test
    void aProjectIsGoneAtOnceAndAfterARestartAndComesBackWhenItIsRemoved() throws Exception {
        backend.refuse();
        assertThat(List.of(status(PAGE), status(DOCUMENT), status(download))).containsOnly(200);

        add("DemoLib");

        assertThat(List.of(status(PAGE), status(DOCUMENT), status(download))).containsOnly(404);
        assertThat(get("/simple/").text()).doesNotContain("demolib").contains("demoapp");
        assertThat(status(OTHER)).isEqualTo(200);
        restart();
        assertThat(List.of(status(PAGE), status(DOCUMENT), status(download))).containsOnly(404);
        assertThat(tombstone("list")).contains("demolib", "steals tokens");
        tombstone("remove", "demolib");
        assertThat(List.of(status(PAGE), status(DOCUMENT), status(download))).containsOnly(200);
        restart();
        assertThat(get(PAGE).header("detour-source")).isEqualTo("mirror");
    }

    @Test
    void aFileIsGoneAndTheRestOfItsProjectIsServed() throws Exception {
        backend.refuse();
        String filename = download.substring(download.lastIndexOf('/') + 1);
        assertThat(get(PAGE).text()).contains(filename);

        add(filename);

        assertThat(get(PAGE).status()).isEqualTo(200);
        assertThat(get(PAGE).text()).doesNotContain(filename);
        assertThat(get(DOCUMENT).text()).doesNotContain(filename);
        assertThat(status(download)).isEqualTo(404);
        assertThat(status(otherDownload)).isEqualTo(200);
    }

    @Test
    void whatTheCacheHasKeptIsNotGivenEither() throws Exception {
        backend.answerBy(head -> fromTheIndex(head.target()));
        List<String> targets = List.of(PAGE, DOCUMENT, download, OTHER);
        for (String target : targets) {
            get(target);
        }
        backend.refuse();
        backend.resetConnections();
        for (String target : targets) {
            assertThat(get(target).header("detour-source")).as(target).isEqualTo("stale");
        }

        String said = add("demolib");

        assertThat(said).contains("purged 3 answers");
        assertThat(List.of(status(PAGE), status(DOCUMENT), status(download))).containsOnly(404);
        assertThat(get(OTHER).header("detour-source")).isEqualTo("stale");
        restart();
        assertThat(List.of(status(PAGE), status(DOCUMENT), status(download))).containsOnly(404);
    }

    private Answer fromTheIndex(String target) {
        String type = target.equals(DOCUMENT)
                ? "application/json"
                : target.equals(download) ? "application/octet-stream" : "text/html";
        String text = "{\"from\": \"the index\"}";
        return Answer.status(
                200, type, text.getBytes(StandardCharsets.UTF_8), "Cache-Control: max-age=0", "ETag: \"i\"");
    }

    @Test
    void whatAHealthyIndexServesIsPassedOn() throws Exception {
        backend.answerBy(head -> Answer.status(200, "text/html", "<html></html>".getBytes(StandardCharsets.UTF_8)));

        add("demolib");

        assertThat(get(PAGE).header("detour-source")).isEqualTo("backend");
    }

    @Test
    void everyChangeIsInTheAuditLog() throws Exception {
        add("demolib");
        tombstone("remove", "demolib");

        assertThat(Files.readAllLines(directory.resolve("state/audit.log")))
                .satisfiesExactly(
                        line -> assertThat(line).contains("tombstone-set", "demolib", "steals tokens"),
                        line -> assertThat(line).contains("tombstone-ended", "demolib"));
    }

    @Test
    void aDamagedFileKeepsTheProgramFromServingWhatWasWithheld() throws Exception {
        add("demolib");
        server.close();
        Path file = directory.resolve("state/tombstones.json");
        Files.writeString(file, Files.readString(file).substring(0, 40));

        assertThatThrownBy(this::started)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " is damaged")
                .hasMessageContaining("mend it, or move it away");
    }
}
