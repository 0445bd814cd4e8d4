package dev.detour.admin.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.admin.AdminServer;
import dev.detour.config.AdminConfig;
import dev.detour.config.HostPort;
import dev.detour.proxy.cache.CacheControls;
import dev.detour.proxy.cache.CacheStatistics;
import dev.detour.proxy.cache.DiskStatistics;
import dev.detour.proxy.cache.Purge;
import dev.detour.proxy.cache.PurgeResult;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The routes on a real listener, in front of a cache that notes what it is asked to do. */
@SuppressWarnings("NullAway.Init")
class CacheRoutesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CACHE = "/api/v1/cache";
    private static final DiskStatistics DISK =
            new DiskStatistics(9_000, 1 << 20, 4 << 20, 7, 9_001, 0, 1, 2, "the disk is full");
    private static final String PURGE = "/api/v1/cache/purge";

    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Purge> purges = new CopyOnWriteArrayList<>();
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        CacheControls cache = new CacheControls() {
            @Override
            public PurgeResult purge(Purge purge) {
                purges.add(purge);
                return new PurgeResult(3, CompletableFuture.completedFuture(5));
            }

            @Override
            public CacheStatistics statistics() {
                return new CacheStatistics(1_204, 50_331_648, 268_435_456, 17, 2_000, 11, 5, DISK);
            }
        };
        server = AdminServer.start(
                new AdminConfig(new HostPort("127.0.0.1", 0), directory.resolve("admin.token")),
                CacheRoutes.of(() -> cache));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theCacheIsShownAsItIs() throws Exception {
        HttpResponse<String> response = http.send(authorized(CACHE).build(), BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo(
                        "{\"entries\":1204,\"bytes\":50331648,\"capacity\":268435456,\"evictions\":17,"
                                + "\"stored\":2000,\"collapsed\":11,\"revalidated\":5,"
                                + "\"disk\":{\"addresses\":9000,\"bytes\":1048576,\"capacity\":4194304,\"recalled\":7,\"saved\":9001,\"skipped\":0,\"damaged\":1,\"failures\":2,\"problem\":\"the disk is full\"}}");
    }

    @Test
    void urlsAndKeysArePurgedSoftly() throws Exception {
        HttpResponse<String> response = purge("{\"urls\":[\"https://index.example.org/simple/demo/\",\"/simple/\"],"
                + "\"keys\":[\"project/demo\"]}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"purged\":3,\"onDisk\":5}");
        assertThat(purges)
                .containsExactly(new Purge(
                        List.of("https://index.example.org/simple/demo/", "/simple/"),
                        List.of("project/demo"),
                        false,
                        false));
    }

    @Test
    void everythingIsRemovedIfThatIsTheWish() throws Exception {
        HttpResponse<String> response = purge("{\"all\":true,\"hard\":true}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(purges).containsExactly(new Purge(List.of(), List.of(), true, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/simple/demo/?format=json&a=b|c",
                "/simple/%C3%A9/",
                "http://index.example.org",
                "HTTPS://Index.example.org:8443/simple/",
                "https://index.example.org?page=2",
                "https://my_index/simple/",
                "http://[2001:db8::1]:8080/simple/"
            })
    void whateverAClientCanAskForCanBePurged(String url) throws Exception {
        HttpResponse<String> response = purge("{\"urls\":[\"" + url + "\"]}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(purges)
                .singleElement()
                .satisfies(purge -> assertThat(purge.urls()).containsExactly(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "simple/demo/",
                "index.example.org/simple/",
                "ftp://index.example.org/",
                "https:///simple/",
                "https://:8443/simple/",
                "https://user@index.example.org/",
                "https://user:secret@index.example.org/",
                "https://index.example.org/#files",
                "/simple/#files",
                "/simple/ demo/",
                "/simple/\u00e9/",
                "/simple/\\n"
            })
    void whatNoClientCanAskForIsNamedAndPurgesNothing(String url) throws Exception {
        HttpResponse<String> response = purge("{\"urls\":[\"/simple/\",\"" + url + "\"]}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = JSON.readTree(response.body());
        assertThat(problem.path("name").asString()).isEqualTo("urls[1]");
        assertThat(problem.path("value").asString()).isEqualTo(url.replace("\\n", "\n"));
        assertThat(problem.path("expected").asString())
                .startsWith("an http or https URL with a host, or a path")
                .endsWith("without user or fragment");
        assertThat(purges).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            {}                                | urls: missing (expected: at least one of urls, keys, all)
            {"all":false,"hard":true}         | urls: missing (expected: at least one of urls, keys, all)
            {"all":true,"urls":["/a"]}        | all: true (expected: none together with urls or keys)
            {"all":true,"keys":["a"]}         | all: true (expected: none together with urls or keys)
            {"all":"yes"}                     | all: "yes" (expected: true or false)
            {"urls":["/a"],"hard":1}          | hard: 1 (expected: true or false)
            {"urls":"/a"}                     | urls: "/a" (expected: an array of 1 to 1000 strings)
            {"urls":[]}                       | urls: [] (expected: an array of 1 to 1000 strings)
            {"keys":{}}                       | keys: {} (expected: an array of 1 to 1000 strings)
            {"keys":["a",7]}                  | keys[1]: 7 (expected: a string)
            {"keys":["a",null]}               | keys[1]: null (expected: a string)
            {"keys":["a b"]}                  | keys[0]: a b (expected: visible ASCII characters without spaces)
            {"url":["/a"]}                    | url: unknown key (expected: one of urls, keys, all, hard)
            [] | the body is JSON but no object (expected: {…})
            """)
    void aBadBodyIs400AndPurgesNothing(String body, String detail) throws Exception {
        HttpResponse<String> response = purge(body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).path("detail").asString()).isEqualTo(detail);
        assertThat(purges).isEmpty();
    }

    @Test
    void aThousandAddressesArePurgedAtOnce() throws Exception {
        String url = "/simple/" + "a".repeat(500) + "/";

        HttpResponse<String> response = purge(urls(Collections.nCopies(1_000, url)));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(purges)
                .singleElement()
                .satisfies(purge -> assertThat(purge.urls()).hasSize(1_000));
    }

    @Test
    void oneAddressMoreIsTooMany() throws Exception {
        HttpResponse<String> response = purge(urls(Collections.nCopies(1_001, "/simple/")));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).path("detail").asString())
                .isEqualTo("urls: 1001 values (expected: an array of 1 to 1000 strings)");
        assertThat(purges).isEmpty();
    }

    @Test
    void anAddressIsAtMost8KiBLong() throws Exception {
        String longest = "/" + "a".repeat(8_191);

        HttpResponse<String> good = purge(urls(List.of(longest)));
        HttpResponse<String> bad = purge(urls(List.of(longest + "a")));

        assertThat(good.statusCode()).isEqualTo(200);
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(bad.body()).path("expected").asString())
                .isEqualTo("at most 8192 characters, not 8193");
        assertThat(purges).hasSize(1);
    }

    @Test
    void aBodyAboveOneMebibyteIs413() throws Exception {
        HttpResponse<String> response = purge(" ".repeat(1024 * 1024) + "{}");

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("at most 1048576 bytes");
        assertThat(purges).isEmpty();
    }

    @Test
    void strangersPurgeNothing() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(PURGE))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"all\":true}"))
                .build();

        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        assertThat(http.send(HttpRequest.newBuilder(uri(CACHE)).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
        assertThat(purges).isEmpty();
    }

    @Test
    void aPurgeIsNeverARead() throws Exception {
        HttpResponse<String> response = http.send(authorized(PURGE).build(), BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("POST");
    }

    private static String urls(List<String> urls) {
        return "{\"urls\":" + JSON.writeValueAsString(urls) + "}";
    }

    private HttpResponse<String> purge(String body) throws Exception {
        HttpRequest request = authorized(PURGE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private HttpRequest.Builder authorized(String path) throws Exception {
        String token = Files.readString(directory.resolve("admin.token")).strip();
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }
}
