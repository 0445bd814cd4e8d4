package dev.detour.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.app.demo.Clients.RawConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIndexTest {
    private static final String JSON = "application/vnd.pypi.simple.v1+json";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-05T07:08:09Z"), ZoneOffset.UTC);

    private static final DemoPackages PACKAGES = new DemoPackages();

    @SuppressWarnings("NullAway.Init")
    private static DemoIndex index;

    @SuppressWarnings("NullAway.Init")
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        index = DemoIndex.https(PACKAGES, 0, CLOCK);
        client = Clients.http();
    }

    @AfterAll
    static void stop() {
        index.close();
    }

    @Test
    void simplePageIsServedAsWarehouseDoes() throws Exception {
        HttpResponse<byte[]> response = get("/simple/demolib/", "Accept", JSON);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo(DemoPage.projectJson(PACKAGES.project("demolib").orElseThrow()));
        assertThat(header(response, "Content-Type")).isEqualTo(JSON);
        assertThat(header(response, "Cache-Control")).isEqualTo("max-age=600, public");
        assertThat(header(response, "Vary")).isEqualTo("Accept");
        assertThat(header(response, "X-PyPI-Last-Serial")).isEqualTo("31000109");
        assertThat(header(response, "Access-Control-Expose-Headers")).isEqualTo("X-PyPI-Last-Serial");
        assertThat(header(response, "Date")).isEqualTo("Thu, 05 Nov 2026 07:08:09 GMT");
    }

    @Test
    void pageIsHtmlUnlessJsonIsPreferred() throws Exception {
        HttpResponse<byte[]> response = get("/simple/", "Accept", "*/*");

        assertThat(response.body()).isEqualTo(DemoPage.indexHtml(PACKAGES));
        assertThat(header(response, "Content-Type")).isEqualTo("text/html; charset=UTF-8");
    }

    @Test
    void knownEntityTagIsAnsweredWithNotModifiedAndKeepsTheConnection() throws Exception {
        String tag = header(get("/simple/demoapp/", "Accept", JSON), "ETag");

        try (RawConnection connection = Clients.raw(index)) {
            connection.send("GET /simple/demoapp/ HTTP/1.1\r\nHost: x\r\nAccept: " + JSON + "\r\nIf-None-Match: " + tag
                    + "\r\n\r\n");
            String first = connection.head();
            connection.get("/_health/");
            String second = connection.head();

            assertThat(first).startsWith("HTTP/1.1 304 ").containsIgnoringCase("etag: " + tag);
            assertThat(second).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void entityTagsOfTheFormsDiffer() throws Exception {
        HttpResponse<byte[]> html = get("/simple/demoapp/");

        HttpResponse<byte[]> json = get("/simple/demoapp/", "Accept", JSON, "If-None-Match", header(html, "ETag"));

        assertThat(json.statusCode()).isEqualTo(200);
    }

    @Test
    void otherSpellingsAreRedirectedForEver() throws Exception {
        HttpResponse<byte[]> unnormalised = get("/simple/Demo.Tool_Kit/");
        HttpResponse<byte[]> slashless = get("/simple/demolib");
        HttpResponse<byte[]> root = get("/simple");

        assertThat(List.of(unnormalised.statusCode(), slashless.statusCode(), root.statusCode()))
                .containsOnly(301);
        assertThat(header(unnormalised, "Location")).isEqualTo("/simple/demo-tool-kit/");
        assertThat(header(slashless, "Location")).isEqualTo("/simple/demolib/");
        assertThat(header(root, "Location")).isEqualTo("/simple/");
    }

    @Test
    void unknownProjectIsNotFoundInPlainText() throws Exception {
        HttpResponse<byte[]> response = get("/simple/no-such-project/", "Accept", JSON);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).asString().isEqualTo("404 Not Found");
        assertThat(header(response, "Content-Type")).startsWith("text/plain");
    }

    @Test
    void unknownProjectOfTheJsonApiIsNotFoundInJson() throws Exception {
        HttpResponse<byte[]> project = get("/pypi/no-such-project/json");
        HttpResponse<byte[]> release = get("/pypi/demolib/7.0/json");

        assertThat(List.of(project.statusCode(), release.statusCode())).containsOnly(404);
        assertThat(project.body()).asString().isEqualTo("{\"message\": \"Not Found\"}");
    }

    @Test
    void jsonApiServesProjectsAndReleases() throws Exception {
        DemoProject library = PACKAGES.project("demolib").orElseThrow();

        assertThat(get("/pypi/demolib/json").body()).isEqualTo(DemoJsonApi.project(library));
        assertThat(get("/pypi/DemoLib/1.1.0/json/").body())
                .isEqualTo(DemoJsonApi.release(library, "1.1.0").orElseThrow());
        assertThat(header(get("/pypi/demolib/json"), "Cache-Control")).isEqualTo("max-age=900, public");
    }

    @Test
    void urlsOfAPageResolveToTheFiles() throws Exception {
        DemoFile wheel = PACKAGES.project("demoapp").orElseThrow().files().get(1);
        URI fromPage = URI.create("/simple/demoapp/").resolve("../../" + wheel.path());
        URI fromRelease = URI.create("/pypi/demoapp/1.1.0/json").resolve("../../../" + wheel.path());

        HttpResponse<byte[]> file = get(fromPage.toString());
        HttpResponse<byte[]> metadata = get(fromRelease + ".metadata");

        assertThat(file.body()).isEqualTo(wheel.content());
        assertThat(metadata.body()).isEqualTo(wheel.metadata());
        assertThat(header(file, "Cache-Control")).isEqualTo("max-age=365000000, immutable, public");
    }

    @Test
    void partOfAFileCanBeAskedFor() throws Exception {
        DemoFile wheel = PACKAGES.project("demoapp").orElseThrow().files().get(0);
        int size = wheel.content().length;

        HttpResponse<byte[]> part = get("/" + wheel.path(), "Range", "bytes=-5");
        HttpResponse<byte[]> outside = get("/" + wheel.path(), "Range", "bytes=" + size + "-");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).containsExactly(Arrays.copyOfRange(wheel.content(), size - 5, size));
        assertThat(header(part, "Content-Range")).isEqualTo("bytes " + (size - 5) + "-" + (size - 1) + "/" + size);
        assertThat(outside.statusCode()).isEqualTo(416);
        assertThat(header(outside, "Content-Range")).isEqualTo("bytes */" + size);
    }

    @Test
    void headHasTheLengthAndNoBody() throws Exception {
        DemoFile wheel = PACKAGES.project("demoapp").orElseThrow().files().get(0);

        try (RawConnection connection = Clients.raw(index)) {
            connection.send("HEAD /" + wheel.path() + " HTTP/1.1\r\nHost: x\r\n\r\n");
            String head = connection.head();
            connection.get("/_health/");
            String next = connection.head();

            assertThat(RawConnection.contentLength(head)).isEqualTo(wheel.content().length);
            assertThat(next).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void connectionEndsWhenTheClientAsksForIt() throws Exception {
        try (RawConnection connection = Clients.raw(index)) {
            connection.send("GET /_health/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            String head = connection.head();

            assertThat(head).containsIgnoringCase("connection: close");
            assertThat(connection.socket().getInputStream().readAllBytes())
                    .asString()
                    .isEqualTo("OK");
        }
    }

    @Test
    void homePageAndHealthAreServedAndAnythingElseIsNotFound() throws Exception {
        assertThat(get("/").body()).asString().contains("Demo package index", "demoapp");
        assertThat(get("/_health/").body()).asString().isEqualTo("OK");
        assertThat(get("/packages/aa/bb/none").statusCode()).isEqualTo(404);
        assertThat(get("/manage/").statusCode()).isEqualTo(404);
    }

    @Test
    void methodThatIsNotOfferedIsRefusedWithThoseThatAre() throws Exception {
        HttpResponse<byte[]> response = send(request("/simple/").DELETE());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void uploadIsCountedByItsBytes() throws Exception {
        long uploads = index.uploads();
        long bytes = index.uploadedBytes();
        byte[] body = new byte[3 * 1024 * 1024];

        HttpResponse<byte[]> response = send(request("/legacy/", "Content-Type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.ofByteArray(body)));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(index.uploads() - uploads).isEqualTo(1);
        assertThat(index.uploadedBytes() - bytes).isEqualTo(body.length);
    }

    @Test
    void uploadThatAsksFirstIsToldToContinue() throws Exception {
        try (RawConnection connection = Clients.raw(index)) {
            String type = "multipart/form-data; boundary=x";
            connection.send("POST /legacy/ HTTP/1.1\r\nHost: x\r\nContent-Type: " + type
                    + "\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            String interim = connection.head();
            connection.send("--x");
            String end = connection.head();

            assertThat(interim).startsWith("HTTP/1.1 100 ");
            assertThat(end).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void uploadWithoutTheSlashIsToldWhereToGo() throws Exception {
        try (RawConnection connection = Clients.raw(index)) {
            connection.send("POST /legacy HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");

            assertThat(connection.head())
                    .startsWith("HTTP/1.1 308 An upload was attempted to /legacy")
                    .containsIgnoringCase("location: /legacy/\r\n");
        }
    }

    @Test
    void xmlRpcTellsTheLastSerial() throws Exception {
        assertThat(
                        call(
                                "<?xml version='1.0'?><methodCall><methodName>changelog_last_serial</methodName><params/></methodCall>"))
                .contains("<params><param><value><int>31000109</int></value></param></params>");
        assertThat(call("<methodCall><methodName>search</methodName></methodCall>"))
                .contains("<fault>", "-32601");
        assertThat(call("no xml")).contains("<fault>", "-32700");
    }

    @Test
    void requestsAreRecordedAndReported() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        index.onRequest(request -> {
            if (request.path().equals("/recorded/%41")) {
                seen.countDown();
            }
        });
        long before = index.requestCount();

        var unused = get("/recorded/%41?query=1");

        assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(index.requests()).contains(new DemoRequest("GET", "/recorded/%41"));
        assertThat(index.requestCount()).isGreaterThan(before);
    }

    @Test
    void clearIndexServesTheSameButCannotBreakItsTls() throws Exception {
        try (DemoIndex clear = DemoIndex.clear(PACKAGES, 0, CLOCK)) {
            HttpResponse<byte[]> page = client.send(
                    HttpRequest.newBuilder(clear.uri().resolve("/simple/")).build(), BodyHandlers.ofByteArray());

            assertThat(page.body()).isEqualTo(DemoPage.indexHtml(PACKAGES));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> clear.setFault(DemoFault.TLS_EXPIRED))
                    .withMessageContaining("tls-expired");
        }
    }

    @Test
    void portInUseIsNamed() {
        assertThatThrownBy(() -> DemoIndex.https(PACKAGES, index.port(), CLOCK))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("127.0.0.1:" + index.port());
    }

    @Test
    void authorityIsACertificateThatLastsUntil2126(@TempDir Path directory) throws IOException, CertificateException {
        Path file = directory.resolve("ca.pem");

        DemoIndex.writeAuthority(file);

        try (var pem = Files.newInputStream(file)) {
            X509Certificate authority =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
            assertThat(authority.getNotAfter()).isEqualTo(Instant.parse("2126-01-01T00:00:00Z"));
            assertThat(authority.getBasicConstraints()).isZero();
        }
    }

    private static String call(String xml) throws Exception {
        HttpResponse<byte[]> response =
                send(request("/pypi", "Content-Type", "text/xml").POST(BodyPublishers.ofString(xml)));
        assertThat(response.statusCode()).isEqualTo(200);
        return new String(response.body(), UTF_8);
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send(request(path, headers));
    }

    private static HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(index.uri() + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("(no " + name + ")");
    }
}
