package dev.detour.mirror.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.MirrorStatus;
import dev.detour.mirror.tombstone.Target;
import dev.detour.mirror.tombstone.Tombstones;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlMirrorTest {
    private static final String DEMO = "simple/demo/index.v1_json";
    private static final String LISTING = "<html><head><title>Index of /simple/demo/</title></head><body><h1>Index of"
            + " /simple/demo/</h1><hr><pre><a href=\"../\">../</a>\n<a href=\"index.html\">index.html</a></pre></body></html>";

    @TempDir
    Path root;

    Site site;

    @BeforeEach
    void startSite() throws IOException {
        site = new Site(root, "demo", "listed-only", "other");
        site.write(DEMO, page("demo", "one"));
        site.write("simple/other/index.v1_json", page("other", "one"));
        site.remote.refresh();
    }

    @AfterEach
    void stopSite() {
        site.close();
    }

    private static String page(String project, String url) {
        return "{\"files\":[{\"filename\":\"f.whl\",\"hashes\":{},\"url\":\"https://f.example.org/" + url
                + "\"}],\"meta\":{\"api-version\":\"1.1\"},\"name\":\"" + project + "\",\"versions\":[]}";
    }

    private List<String> fetched() {
        return site.server.paths("GET");
    }

    @Test
    void pageIsFetchedOnceAMinute() {
        site.server.forgetRequests();

        site.json("demo");
        site.pass(Duration.ofSeconds(59));
        site.json("demo");

        assertThat(fetched()).containsOnlyOnce(DEMO);
    }

    @Test
    void pageIsAskedForAgainAfterAMinuteAndNotSentAgainIfItIsTheSame() {
        site.json("demo");
        site.server.forgetRequests();
        site.pass(Duration.ofSeconds(61));
        site.json("demo");

        assertThat(site.server.requests())
                .filteredOn(request -> request.path().equals(DEMO))
                .singleElement()
                .satisfies(request -> assertThat(request.status()).isEqualTo(304));
    }

    @Test
    void changedPageIsServedAfterAMinute() throws Exception {
        String before = site.json("demo");
        site.write(DEMO, page("demo", "two"));
        site.pass(Duration.ofSeconds(61));

        assertThat(before).contains("example.org/one");
        assertThat(site.json("demo")).contains("example.org/two");
    }

    @Test
    void pageThatWasRemovedIsServedNoLonger() throws Exception {
        site.json("demo");
        Files.delete(root.resolve(DEMO));
        site.pass(Duration.ofSeconds(61));

        assertThat(Site.unavailable(site.page("demo"))).contains("demo is listed");
    }

    @Test
    void onlyThePlacesThisTreeUsesAreAskedFor() {
        site.server.forgetRequests();

        site.json("demo");

        assertThat(fetched()).containsExactly(DEMO);
    }

    @Test
    void whatWasFetchedIsServedWhileTheServerFails() {
        String before = site.json("demo");
        site.server.answerAll(FileServer.status(503, "text/html", "<html>down</html>"));
        site.pass(Duration.ofMinutes(30));
        site.remote.refresh();

        assertThat(site.json("demo")).isEqualTo(before);
        assertThat(Site.unavailable(site.page("other"))).contains("simple/other/index.v1_json: status 503");
        assertThat(site.remote.status().fit()).isTrue();
        assertThat(site.remote.status().detail()).contains("3 projects", "cannot be read", "last-modified: status 503");
    }

    @Test
    void whatWasFetchedIsServedWhileTheServerIsGone() {
        String before = site.json("demo");
        site.server.close();
        site.pass(Duration.ofMinutes(30));
        site.remote.refresh();

        assertThat(site.json("demo")).isEqualTo(before);
        assertThat(site.page("other")).isInstanceOf(MirrorAnswer.Unavailable.class);
        assertThat(site.page("unknown")).isInstanceOf(MirrorAnswer.Unavailable.class);
    }

    @Test
    void copyOfAFailedServerGrowsTooOldAllTheSame() {
        site.json("demo");
        site.server.close();
        site.remote.refresh();
        site.turnClockTo(Site.TAKEN.plus(Duration.ofHours(25)));

        assertThat(Site.unavailable(site.page("demo"))).contains("90000 s old");
        assertThat(site.remote.status().fit()).isFalse();
    }

    @Test
    void pageThatFailedIsNotAskedForAgainAtOnce() throws Exception {
        site.server.answer(DEMO, FileServer.status(500, "text/plain", "x"));
        site.page("demo");
        site.server.forgetRequests();

        site.page("demo");
        site.pass(Duration.ofSeconds(4));
        site.page("demo");

        assertThat(fetched()).doesNotContain(DEMO);
    }

    @Test
    void serverThatRecoversIsAskedAgainAfterSeconds() {
        site.server.answer(DEMO, FileServer.status(500, "text/plain", "x"));
        MirrorAnswer before = site.page("demo");
        site.server.answer(DEMO, null);
        site.pass(Duration.ofSeconds(6));

        assertThat(Site.unavailable(before)).contains("status 500");
        assertThat(site.json("demo")).contains("demo");
    }

    @Test
    void answerThatDoesNotComeIsGivenUp() {
        site.server.answer(DEMO, FileServer.silence());
        long start = System.nanoTime();
        String problem = Site.unavailable(site.page("demo"));

        assertThat(problem).contains(DEMO + ": no complete answer within 3000 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void nameThatNeitherServerNorListHasIsAbsent() {
        assertThat(site.page("unknown")).isInstanceOf(MirrorAnswer.Absent.class);
        assertThat(Site.unavailable(site.page("listed-only"))).contains("listed-only is listed");
    }

    @ParameterizedTest
    @ValueSource(strings = {LISTING, "<html><body>Sign in</body></html>", ""})
    void webPageWithStatus200IsNoPage(String html) {
        site.server.answer(DEMO, FileServer.status(200, "text/html", html));

        assertThat(Site.unavailable(site.page("demo"))).contains(DEMO + ": ", "expected: JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {LISTING, "<html><body>Sign in</body></html>", "<html><body><a href=\"x.whl\">x.whl</a>"})
    void htmlThatIsNoPageOfAProjectIsNoPage(String html) throws Exception {
        site.write("simple/listed-only/index.html", html);

        assertThat(Site.unavailable(site.page("listed-only"))).contains("simple/listed-only/index.html: no ");
    }

    @Test
    void listingOfADirectoryIsNoAbsenceEither() {
        site.server.answer("simple/unknown/index.html", FileServer.status(200, "text/html", LISTING));

        assertThat(site.page("unknown")).isInstanceOf(MirrorAnswer.Unavailable.class);
    }

    @Test
    void badPageDoesNotTakeThePlaceOfAGoodOne() {
        String before = site.json("demo");
        site.server.answer(DEMO, FileServer.status(200, "text/html", LISTING));
        site.pass(Duration.ofSeconds(61));

        assertThat(site.json("demo")).isEqualTo(before);
    }

    @Test
    void cutPageIsNoPage() {
        site.server.answer(DEMO, FileServer.cut(20));

        assertThat(Site.unavailable(site.page("demo"))).contains(DEMO);
    }

    @Test
    void badListDoesNotTakeThePlaceOfAGoodOne() {
        site.server.answer("simple/index.v1_json", FileServer.status(200, "text/html", LISTING));
        site.remote.refresh();

        assertThat(site.remote.status().fit()).isTrue();
        assertThat(site.remote.status().detail()).contains("3 projects", "simple/index.v1_json: a web page");
    }

    @Test
    void newListIsServed() throws Exception {
        site.list("demo", "other", "new");
        site.remote.refresh();
        site.pass(Duration.ofSeconds(1));

        assertThat(Site.unavailable(site.page("new"))).contains("new is listed");
        assertThat(Site.text(site.get(new MirrorResource.SimpleIndex(), Site.JSON)))
                .contains("\"new\"");
    }

    @Test
    void missingAgeIsThatOfTheList() throws Exception {
        Files.delete(root.resolve("last-modified"));
        site.remote.refresh();
        site.pass(Duration.ofSeconds(1));

        assertThat(site.remote.status())
                .isEqualTo(new MirrorStatus(true, Duration.ofMinutes(1), "3 projects, 60 s old"));
    }

    @Test
    void webPageIsNoAge() {
        site.server.answer("last-modified", FileServer.status(200, "text/html", "<html>"));
        site.remote.refresh();

        assertThat(site.remote.status().detail()).contains("last-modified: a web page (expected: text)");
        assertThat(site.remote.status().age()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void mirrorIsUnfitUntilItHasBeenRead(@TempDir Path other) throws Exception {
        try (Site unread = new Site(other, "demo")) {
            assertThat(unread.remote.status().fit()).isFalse();
            assertThat(Site.unavailable(unread.page("demo"))).contains("has not been read yet");
        }
    }

    @Test
    void serverWithoutATreeIsUnfit(@TempDir Path other) throws Exception {
        try (Site empty = new Site(other)) {
            Files.delete(other.resolve("simple/index.v1_json"));
            empty.remote.refresh();

            assertThat(empty.remote.status().detail()).contains("has no project list");
        }
    }

    @Test
    void releaseFileIsRedirectedToWhereItIs() throws Exception {
        site.write("packages/aa/bb/cc/a+b 1.whl", "wheel");

        MirrorAnswer.Found found = Site.found(site.get(new MirrorResource.File("aa/bb/cc/a+b 1.whl"), null));

        assertThat(found.status()).isEqualTo(302);
        assertThat(found.headers())
                .containsEntry("Location", site.server.uri() + "packages/aa/bb/cc/a%2Bb%201.whl")
                .containsEntry("Cache-Control", "no-cache")
                .containsEntry("Age", "60");
    }

    @Test
    void releaseFileThatIsNotThereIsUnavailable() {
        assertThat(Site.unavailable(site.get(new MirrorResource.File("aa/bb/cc/x.whl"), null)))
                .contains("packages/aa/bb/cc/x.whl is not in the tree");
    }

    @Test
    void promisesOfALargePageAreAskedForSideBySide() throws Exception {
        StringBuilder files = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            String wheel = "other-" + i + "-py3-none-any.whl";
            files.append(i == 0 ? "" : ",")
                    .append("{\"filename\":\"")
                    .append(wheel)
                    .append("\",\"core-metadata\":true,\"hashes\":{},\"url\":\"../../packages/")
                    .append(wheel)
                    .append("\"}");
            if (i % 2 == 0) {
                site.write("packages/" + wheel + ".metadata", "Version: " + i);
            }
        }
        site.write(
                "simple/other/index.v1_json",
                "{\"files\":[" + files + "],\"meta\":{\"api-version\":\"1.1\"},\"name\":\"other\",\"versions\":[]}");

        String json = site.json("other");

        assertThat(json.split("\"core-metadata\":true", -1)).hasSize(151);
        assertThat(json.split("\"core-metadata\":false", -1)).hasSize(151);
        assertThat(site.server.paths("HEAD")).hasSize(300);
    }

    @Test
    void startedMirrorReadsItsListItself() throws Exception {
        try (UrlMirror started = UrlMirror.start(
                "started", site.server.uri(), Duration.ofDays(100_000), () -> Withdrawn.NOTHING, Clock.systemUTC())) {
            while (!started.status().fit()) {
                Thread.onSpinWait();
            }

            assertThat(started.answer(Site.request(new MirrorResource.SimpleProject("demo"), Site.JSON)))
                    .isInstanceOf(MirrorAnswer.Found.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://h/x", "h/x", "http:///x", "http://u:p@h/x", "http://h/x?y", "http://h/x#y"})
    void urlWhereNoTreeCanBeIsRefused(String url) {
        assertThatThrownBy(() -> UrlMirror.start(
                        "m", URI.create(url), Duration.ofHours(1), () -> Withdrawn.NOTHING, Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected:");
    }

    @Test
    void bucketThatDeniesWhatIsNotThereIsUnderstood() {
        site.server.answer("simple/unknown/index.v1_json", FileServer.status(403, "application/xml", "<Error/>"));

        assertThat(site.page("unknown")).isInstanceOf(MirrorAnswer.Absent.class);
    }

    @Test
    void pageThatIsDeniedLaterIsServedOn() {
        String before = site.json("demo");
        site.server.answerAll(FileServer.status(403, "application/xml", "<Error/>"));
        site.pass(Duration.ofMinutes(2));
        site.remote.refresh();

        assertThat(site.json("demo")).isEqualTo(before);
        assertThat(site.remote.status().fit()).isTrue();
        assertThat(site.remote.status().detail()).contains("status 403");
    }

    @Test
    void compressedAnswerIsRead() throws Exception {
        String before = site.json("demo");
        site.server.answer(DEMO, (exchange, file) -> {
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
                gzip.write(Objects.requireNonNull(file));
            }
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, compressed.size());
            exchange.getResponseBody().write(compressed.toByteArray());
            exchange.close();
        });
        try (UrlMirror other = new UrlMirror(
                "gz",
                site.server.uri(),
                Duration.ofDays(100_000),
                () -> Withdrawn.NOTHING,
                Clock.systemUTC(),
                System::nanoTime)) {
            other.refresh();

            assertThat(Site.text(other.answer(Site.request(new MirrorResource.SimpleProject("demo"), Site.JSON))))
                    .isEqualTo(before);
        }
    }

    @Test
    void bodyThatIsTooLongIsNotReadToItsEnd() {
        site.server.answer("last-modified", FileServer.status(200, "text/plain", "20260304T05:06:07".repeat(100_000)));
        site.remote.refresh();

        assertThat(site.remote.status().detail()).contains("last-modified: more than 64 bytes");
    }

    @Test
    void newerOfTwoLayoutsIsServed() throws Exception {
        site.write("simple/d/demo/index.v1_json", page("demo", "new"));
        Files.setLastModifiedTime(
                root.resolve("simple/d/demo/index.v1_json"), FileTime.from(Site.TAKEN.plusSeconds(9)));
        site.list("demo");
        site.remote.refresh();
        site.pass(Duration.ofSeconds(61));

        assertThat(site.json("demo")).contains("example.org/new");
    }

    @Test
    void serverThatDoesNotAnswerSeveralTimesIsLeftAloneForSeconds() {
        site.server.answerAll(FileServer.silence());
        for (String project : List.of("demo", "other", "listed-only")) {
            site.page(project);
        }
        site.server.forgetRequests();
        long start = System.nanoTime();

        assertThat(Site.unavailable(site.page("unknown"))).contains("no complete answer", "a few seconds ago");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        assertThat(fetched()).isEmpty();
    }

    @Test
    void tombstonesActAtOnce(@TempDir Path state) throws Exception {
        String wheel = "demo-1.0-py3-none-any.whl";
        site.write("packages/aa/bb/cc/" + wheel, "wheel");
        site.write(DEMO, page("demo", "one").replace("f.whl", wheel));
        Tombstones tombstones = Tombstones.open(state, Clock.systemUTC());
        MirrorResource file = new MirrorResource.File("aa/bb/cc/" + wheel);
        String before = site.json("demo");
        int redirected = Site.found(site.get(file, null)).status();

        tombstones.add(Target.parse(wheel), "malware", null);
        tombstones.add(Target.parse("other"), "malware", null);
        site.withdrawn = tombstones.inForce();

        assertThat(before).contains(wheel);
        assertThat(redirected).isEqualTo(302);
        assertThat(site.json("demo")).contains("\"files\":[]").doesNotContain(wheel);
        assertThat(site.get(file, null)).isInstanceOf(MirrorAnswer.Absent.class);
        assertThat(site.page("other")).isInstanceOf(MirrorAnswer.Absent.class);
    }
}
