package dev.detour.app.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.cli.Cli;
import dev.detour.app.demo.DemoIndex;
import dev.detour.app.demo.DemoPackages;
import dev.detour.app.serve.Mirroring;
import dev.detour.app.serve.Server;
import dev.detour.app.support.AccessLines;
import dev.detour.app.support.ClientProgram;
import dev.detour.app.support.DetourProcess;
import dev.detour.app.support.ProgramRun;
import dev.detour.config.ConfigLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Detour writes for other servers, behind a real nginx: an exported tree, and a publication that others follow. */
@Timeout(120)
class NginxTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String JSON = "application/vnd.pypi.simple.v1+json";

    @TempDir
    private Path directory = Path.of("");

    private ClientProgram nginx;
    private DemoIndex index;
    private Path config;
    private URI web;

    @BeforeEach
    void copyTheIndexAndStartNginx() throws Exception {
        nginx = ClientProgram.require("nginx", "what is exported and published, served by nginx");
        index = DemoIndex.clear(new DemoPackages(), 0, Clock.systemUTC());
        config = yaml(
                "detour.yaml", "http://127.0.0.1:" + index.port(), "{store: copy, files: all, sync: {rate: 1000}}");
        detour("sync", "--config", config.toString());
        detour("export", directory.resolve("exported").toString(), "--config", config.toString());
        detour("publish", directory.resolve("published").toString(), "--config", config.toString());
        int port = DetourProcess.freePort();
        web = URI.create("http://127.0.0.1:" + port + "/");
        Files.writeString(directory.resolve("nginx.conf"), configuration(port));
        assertThat(nginx("-t").exitCode()).as("%s", nginx("-t")).isZero();
        assertThat(nginx().exitCode()).isZero();
    }

    @AfterEach
    void stop() throws Exception {
        nginx("-s", "stop");
        index.close();
    }

    private ProgramRun nginx(String... more) throws IOException, InterruptedException {
        return nginx.with(
                        "-p",
                        directory.toString(),
                        "-c",
                        directory.resolve("nginx.conf").toString(),
                        "-e",
                        "error.log")
                .run(directory, LIMIT, List.of(more));
    }

    /** The tree as bandersnatch's documentation has it served, the publication as ours has. */
    private String configuration(int port) {
        boolean root = "root".equals(System.getProperty("user.name"));
        String tree = directory.resolve("exported").resolve("web").toString();
        String published = directory.resolve("published").toString();
        StringBuilder temporary = new StringBuilder();
        for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            temporary.append(kind).append("_temp_path temp-").append(kind).append(";\n");
        }
        return (root ? "user root;\n" : "") + """
                pid nginx.pid;
                events {}
                http {
                  access_log off;
                  %s
                  map $http_accept $form {
                    default html;
                    "~*application/vnd\\.pypi\\.simple\\.v1\\+json" v1_json;
                  }
                  server {
                    listen 127.0.0.1:%d;
                    root %s;
                    charset utf-8;
                    location /simple/ {
                      index index.$form;
                      types {
                        application/vnd.pypi.simple.v1+json v1_json;
                        application/vnd.pypi.simple.v1+html v1_html;
                        text/html html;
                      }
                    }
                    location /copy/ { alias %s/; add_header Cache-Control "public, max-age=31536000, immutable"; }
                    location = /copy/current.json { alias %s/current.json; add_header Cache-Control no-cache; }
                    location ~ ^/copy/(.*/)?\\. { return 404; }
                  }
                }
                """.formatted(temporary, port, tree, published, published);
    }

    private Path yaml(String name, String backend, String mirror) throws IOException {
        return Files.writeString(directory.resolve(name), """
                listeners: [{address: "127.0.0.1:0"}]
                admin: {address: "127.0.0.1:0", token-file: admin.token}
                state: state-%s
                cache: {memory: 0}
                backends: {demo: {endpoints: ["%s"], breaker: {minimum-calls: 2, open-for: 1s, ramp: 0s}}}
                mirrors: {copy: %s}
                index: {preset: pypi, backend: demo, mirror: copy}
                """.formatted(name, backend, mirror));
    }

    private static void detour(String... arguments) {
        StringWriter said = new StringWriter();
        String[] all = new String[arguments.length + 1];
        all[0] = "mirror";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int exitCode = Cli.printingTo(new PrintWriter(said, true), new PrintWriter(said, true))
                .mirroring(new Mirroring())
                .run(all);
        assertThat(exitCode).as("%s", said).isZero();
    }

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        return get(web.resolve(path), accept);
    }

    private static HttpResponse<String> get(URI uri, String accept) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri).header("Accept", accept).build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private ProgramRun install(String name, URI simple) throws Exception {
        Path project = Files.createDirectories(directory.resolve(name));
        return new Pip("pip installs from what nginx serves").run(project, simple);
    }

    private List<String> installed(String name) throws Exception {
        return new Pip("pip installs from what nginx serves").picked(directory.resolve(name));
    }

    @Test
    void pipInstallsFromTheExportedTree() throws Exception {
        ProgramRun fromIndex = install("index", URI.create("http://127.0.0.1:" + index.port() + "/simple/"));
        index.close();

        ProgramRun fromTree = install("tree", web.resolve("simple/"));

        assertThat(fromIndex.exitCode()).as("%s", fromIndex).isZero();
        assertThat(fromTree.exitCode()).as("%s", fromTree).isZero();
        assertThat(installed("tree")).isNotEmpty().isEqualTo(installed("index"));
    }

    @Test
    void bothFormsOfAPageAreWhereTheConfigurationLooksForThem() throws Exception {
        assertThat(get("simple/demoapp/", JSON).headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith(JSON));
        assertThat(get("simple/demoapp/", JSON).body()).contains("\"name\":\"demoapp\"");
        assertThat(get("simple/demoapp/", "text/html").body()).contains("<title>Links for demoapp</title>");
        assertThat(get("simple/", JSON).body()).contains("\"projects\":[");
    }

    @Test
    void anotherDetourFollowsThePublicationAndServesItWithoutTheIndex() throws Exception {
        int nobody = DetourProcess.freePort();
        Files.copy(directory.resolve("copy/key/ed25519.pub"), directory.resolve("mirror.pub"));
        Path edge = yaml(
                "edge.yaml",
                "http://127.0.0.1:" + nobody,
                "{store: followed, files: all, follow: {url: \"" + web.resolve("copy/") + "\", key: mirror.pub}}");
        detour(
                "follow",
                web.resolve("copy/").toString(),
                "--key",
                directory.resolve("mirror.pub").toString(),
                "--config",
                edge.toString());

        AccessLines lines = new AccessLines();
        ProgramRun run;
        try (Server server = Server.start(ConfigLoader.load(edge), lines, List.of())) {
            URI simple =
                    URI.create("http://127.0.0.1:" + server.addresses().get(0).getPort() + "/simple/");
            run = install("edge", simple);
            assertThat(get(simple.resolve("demoapp/"), JSON).body()).contains("\"core-metadata\":{\"sha256\":");
        }

        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(installed("edge")).isNotEmpty();
        assertThat(lines.entries()).isNotEmpty().allMatch(line -> line.source().equals("mirror"));
    }

    @Test
    void anotherDetourServesTheTreeAtItsUrlWithoutTheIndex() throws Exception {
        int nobody = DetourProcess.freePort();
        Path edge = yaml("edge.yaml", "http://127.0.0.1:" + nobody, "{url: \"" + web + "\", max-age: 1d}");

        ProgramRun run;
        try (Server server = Server.start(ConfigLoader.load(edge), new AccessLines(), List.of())) {
            URI simple =
                    URI.create("http://127.0.0.1:" + server.addresses().get(0).getPort() + "/simple/");
            awaitPage(simple);
            run = install("edge", simple);
        }

        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(installed("edge")).isNotEmpty();
    }

    /** The tree is read in the background. */
    private static void awaitPage(URI simple) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        HttpRequest request = HttpRequest.newBuilder(simple.resolve("demoapp/")).build();
        int status = 0;
        while (status != 200 && System.nanoTime() < end) {
            status = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
        assertThat(status).isEqualTo(200);
    }
}
