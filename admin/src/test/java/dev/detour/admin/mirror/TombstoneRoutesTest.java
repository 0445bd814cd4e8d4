package dev.detour.admin.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.admin.AdminServer;
import dev.detour.config.AdminConfig;
import dev.detour.config.HostPort;
import dev.detour.fleet.AuditLog;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.MirrorStatus;
import dev.detour.mirror.tombstone.Target;
import dev.detour.mirror.tombstone.Tombstones;
import dev.detour.proxy.cache.CacheControls;
import dev.detour.proxy.cache.CacheStatistics;
import dev.detour.proxy.cache.Purge;
import dev.detour.proxy.cache.PurgeResult;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The routes on a real listener with real tombstones, before a mirror of one page and a cache that notes its purges. */
@SuppressWarnings("NullAway.Init")
class TombstoneRoutesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PATH = "/api/v1/mirror/tombstones";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String PAGE = """
            {"files":[
              {"filename":"demo-1.0.tar.gz","url":"https://files.example.org/packages/aa/demo-1.0.tar.gz"},
              {"filename":"demo-2.0-py3-none-any.whl","url":"../../packages/bb/demo-2.0-py3-none-any.whl#sha256=ab"}]}
            """;

    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Purge> purges = new CopyOnWriteArrayList<>();
    private final List<Mirror> mirrors = new CopyOnWriteArrayList<>();
    private Tombstones tombstones;
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        tombstones = Tombstones.open(directory.resolve("state"), clock);
        mirrors.add(mirror("demo", page("application/vnd.pypi.simple.v1+json", PAGE)));
        server = AdminServer.start(
                new AdminConfig(new HostPort("127.0.0.1", 0), directory.resolve("admin.token")),
                TombstoneRoutes.of(tombstones, new AuditLog(directory), this::cache, () -> mirrors, clock));
    }

    private CacheControls cache() {
        return new CacheControls() {
            @Override
            public PurgeResult purge(Purge purge) {
                purges.add(purge);
                return new PurgeResult(3, CompletableFuture.completedFuture(5));
            }

            @Override
            public CacheStatistics statistics() {
                throw new UnsupportedOperationException("only purges are asked for");
            }
        };
    }

    private static MirrorAnswer page(String type, String text) {
        ByteBuffer bytes =
                ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
        return new MirrorAnswer.Found(
                200, Map.of("Content-Type", type), bytes.remaining(), new MirrorAnswer.Body.Bytes(bytes));
    }

    /** A mirror that has one page, and knows of no other project; a tombstone withholds the whole of it. */
    private Mirror mirror(String project, MirrorAnswer page) {
        return new Mirror() {
            @Override
            public @Nullable AtHand atHand(MirrorRequest request) {
                return null;
            }

            @Override
            public boolean withholds(MirrorResource resource) {
                return tombstones.inForce().concerns(resource);
            }

            @Override
            public MirrorAnswer answer(MirrorRequest request) {
                boolean has = request.resource().equals(new MirrorResource.SimpleProject(project));
                return has && tombstones.inForce().whole(request.resource()) == null
                        ? page
                        : new MirrorAnswer.Absent("not here");
            }

            @Override
            public MirrorStatus status() {
                return new MirrorStatus(true, null, "");
            }
        };
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> send(String method, String path, @Nullable String body) throws Exception {
        String token = Files.readString(directory.resolve("admin.token")).strip();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .header("Authorization", "Bearer " + token)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private JsonNode add(String target) throws Exception {
        HttpResponse<String> response =
                send("POST", PATH, JSON.writeValueAsString(Map.of("target", target, "reason", "malware", "by", "ann")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> remove(String target) throws Exception {
        String query = "?by=bob&target=" + URLEncoder.encode(target, StandardCharsets.UTF_8);
        return send("DELETE", PATH + query, null);
    }

    private List<String> auditLines() throws Exception {
        return Files.readAllLines(directory.resolve("audit.log"));
    }

    @Test
    void aTombstoneIsInForceWhenTheAnswerComes() throws Exception {
        JsonNode answer = add("Demo == 1.0");

        assertThat(answer).isEqualTo(JSON.readTree("""
                {"added":true,
                 "tombstone":{"target":"demo==1.0","reason":"malware","by":"ann","since":"2026-03-01T12:00:00Z"},
                 "purged":3,"onDisk":5,"warnings":[]}"""));
        assertThat(tombstones.inForce().release("demo", "1")).isNotNull();
    }

    @Test
    void allAreListedInTheirOrder() throws Exception {
        add("demo==1.0");
        add("demo");

        JsonNode listed = JSON.readTree(send("GET", PATH, null).body()).path("tombstones");

        assertThat(listed).hasSize(2);
        assertThat(listed.path(0)).isEqualTo(JSON.readTree("""
                {"target":"demo==1.0","reason":"malware","by":"ann","since":"2026-03-01T12:00:00Z"}"""));
        assertThat(listed.path(1).path("target").asString()).isEqualTo("demo");
    }

    @Test
    void addingAgainSaysSoKeepsTheFirstReasonAndPurgesAgain() throws Exception {
        add("demo==1.0");

        HttpResponse<String> again = send("POST", PATH, "{\"target\":\"DEMO==1\",\"reason\":\"other\"}");

        JsonNode answer = JSON.readTree(again.body());
        assertThat(answer.path("added").asBoolean()).isFalse();
        assertThat(answer.path("tombstone").path("reason").asString()).isEqualTo("malware");
        assertThat(purges).hasSize(2);
        assertThat(auditLines()).hasSize(1);
    }

    @Test
    void oneThatIsRemovedIsGoneAndBothAreInTheAuditLog() throws Exception {
        add("demo==1.0");

        HttpResponse<String> response = remove("demo==1.0.0");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(response.body()).path("removed").path("target").asString())
                .isEqualTo("demo==1.0");
        assertThat(tombstones.inForce().isEmpty()).isTrue();
        assertThat(auditLines()).map(JSON::readTree).containsExactly(JSON.readTree("""
                {"at":"2026-03-01T12:00:00Z","event":"tombstone-set","target":"demo==1.0","by":"ann","reason":"malware"}"""), JSON.readTree("""
                {"at":"2026-03-01T12:00:00Z","event":"tombstone-ended","target":"demo==1.0","by":"bob","reason":"malware"}"""));
    }

    @Test
    void removingWhatHasNoneNamesWhatIsNear() throws Exception {
        add("demo==1.0");

        HttpResponse<String> near = remove("demo");
        HttpResponse<String> far = remove("numpy");

        assertThat(near.statusCode()).isEqualTo(404);
        assertThat(near.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(JSON.readTree(near.body()).path("detail").asString())
                .isEqualTo("target: demo (expected: something that has a tombstone, such as demo==1.0)");
        assertThat(JSON.readTree(far.body()).path("detail").asString())
                .isEqualTo("target: numpy (expected: one of the 1 that have a tombstone)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"reason":"r"}                                 | target: missing (expected: one of NAME, NAME==VERSION
            {"target":"de mo","reason":"r"}                | target: de mo (expected: NAME, NAME==VERSION or the name
            {"target":"demo==1.*","reason":"r"}            | target: demo==1.* (expected: NAME==VERSION with one version
            {"target":"x/demo-1.0.whl","reason":"r"}       | target: x/demo-1.0.whl (expected: the name of a release file
            {"target":"demo"}                              | reason: missing
            {"target":"demo","reason":" "}                 | reason: blank
            {"target":"demo","reason":"a\\nb"}             | reason:
            {"target":"demo","reason":"r","by":""}         | by:
            {"target":"demo","reason":"r","until":"noon"}  | until: unknown key
            {"target":["demo"],"reason":"r"}               | target: ["demo"] (expected: a string)
            []                                             | the body is JSON but no object
            """)
    void aWrongWishIsRefusedInWordsAndChangesNothing(String body, String detail) throws Exception {
        HttpResponse<String> response = send("POST", PATH, body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).path("detail").asString()).startsWith(detail);
        assertThat(tombstones.inForce().isEmpty()).isTrue();
        assertThat(purges).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', target: missing", "?target=, target: ", "?target=a&target=b, target: 2 values"})
    void aRemovalOfNothingInParticularIsRefused(String query, String detail) throws Exception {
        HttpResponse<String> response = send("DELETE", PATH + query, null);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).path("detail").asString()).startsWith(detail);
    }

    @Test
    void whatCannotBeMadeDurableIsRefusedAndNothingIsPurged() throws Exception {
        Files.writeString(directory.resolve("state"), "a file in the way");

        HttpResponse<String> response = send("POST", PATH, "{\"target\":\"demo\",\"reason\":\"r\"}");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("nothing was changed", "tombstones.json");
        assertThat(purges).isEmpty();
    }

    @Test
    void allThatTheCacheMayHaveOfAProjectIsRemoved() throws Exception {
        add("demo");

        assertThat(purges).singleElement().satisfies(purge -> {
            assertThat(purge.hard()).isTrue();
            assertThat(purge.all()).isFalse();
            assertThat(purge.keys()).containsExactly("project/demo");
            assertThat(purge.urls())
                    .containsExactlyInAnyOrder(
                            "/simple/demo",
                            "/simple/demo/",
                            "/pypi/demo/json",
                            "/pypi/demo/json/",
                            "/pypi/demo/1.0/json",
                            "/pypi/demo/1.0/json/",
                            "/integrity/demo/1.0/demo-1.0.tar.gz/provenance",
                            "/packages/aa/demo-1.0.tar.gz",
                            "/packages/aa/demo-1.0.tar.gz.metadata",
                            "/pypi/demo/2.0/json",
                            "/pypi/demo/2.0/json/",
                            "/integrity/demo/2.0/demo-2.0-py3-none-any.whl/provenance",
                            "/packages/bb/demo-2.0-py3-none-any.whl",
                            "/packages/bb/demo-2.0-py3-none-any.whl.metadata");
        });
    }

    @ParameterizedTest
    @CsvSource({"demo==2", "demo-2.0-py3-none-any.whl"})
    void filesThatMayBeServedAreLeftInTheCache(String target) throws Exception {
        JsonNode answer = add(target);

        assertThat(answer.path("warnings")).isEmpty();
        assertThat(purges)
                .singleElement()
                .satisfies(purge -> assertThat(purge.urls())
                        .contains("/simple/demo/", "/pypi/demo/2.0/json", "/packages/bb/demo-2.0-py3-none-any.whl")
                        .noneMatch(url -> url.contains("1.0")));
    }

    @Test
    void filesOnAnHtmlPageAreFoundToo() throws Exception {
        mirrors.set(0, mirror("demo", page("text/html", "<a href=\"/packages/cc/demo-3.0.zip#x\">demo-3.0.zip</a>\n")));

        add("demo==3.0");

        assertThat(purges.get(0).urls()).contains("/packages/cc/demo-3.0.zip", "/packages/cc/demo-3.0.zip.metadata");
    }

    @ParameterizedTest
    @CsvSource({"dmeo", "demo==7", "demo-7.0.tar.gz"})
    void whatNoMirrorHasIsWithheldWithAWarning(String target) throws Exception {
        JsonNode answer = add(target);

        assertThat(answer.path("added").asBoolean()).isTrue();
        assertThat(answer.path("warnings").path(0).asString())
                .isEqualTo("no mirror has " + target + " (is it spelled as the index spells it?)");
        assertThat(tombstones.inForce().on(Target.parse(target))).isNotNull();
    }

    @Test
    void aMirrorThatCannotTellMeansThatFilesMayStillBeKept() throws Exception {
        mirrors.set(0, mirror("demo", new MirrorAnswer.Unavailable("too old")));

        JsonNode answer = add("demo");

        assertThat(answer.path("warnings").path(0).asString())
                .startsWith("no mirror can tell now what belongs to demo")
                .contains("purged by their URL");
        assertThat(purges.get(0).urls()).contains("/simple/demo/");
    }

    @Test
    void withoutMirrorsThereIsAWarning() throws Exception {
        mirrors.clear();

        assertThat(add("demo").path("warnings").path(0).asString()).isEqualTo("no mirror is configured");
    }
}
