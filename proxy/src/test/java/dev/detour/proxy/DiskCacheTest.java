package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.CacheConfig;
import dev.detour.proxy.cache.DiskStatistics;
import dev.detour.proxy.cache.Purge;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What outlives the process, on the wire: every restart here is a new proxy on the directory of the one before. */
@SuppressWarnings("NullAway.Init")
class DiskCacheTest {
    private static final String PAGE = "/simple/x/";

    @TempDir
    Path directory;

    private final FakeBackend backend = FakeBackend.clear();
    private ManualClock clock = ManualClock.create();
    private long size = 64 << 20;
    private long memory = 16 << 20;
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = started();
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    private RunningProxy started() throws IOException {
        CacheConfig inMemory = Caches.inMemory(memory, 1 << 20, Duration.ofSeconds(10), false);
        return RunningProxy.with()
                .endpoints(backend)
                .cache(Caches.onDisk(inMemory, new CacheConfig.Disk(directory.resolve("cache"), size)))
                .clock(clock)
                .start();
    }

    /** Like any process, the new one begins its own count of nanoseconds. */
    private void restart() throws IOException {
        proxy.close();
        clock = ManualClock.at(clock.instant());
        proxy = started();
    }

    private static Answer page(String text, String... headers) {
        return Answer.status(200, "text/html", text.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static Answer fresh(String text) {
        return page(text, "Cache-Control: max-age=60", "ETag: \"" + text.length() + text.charAt(0) + '"');
    }

    private DiskStatistics disk() {
        return Objects.requireNonNull(proxy.cache().statistics().disk());
    }

    private Path file() {
        return directory.resolve("cache").resolve("answers.sqlite");
    }

    @Test
    void anAnswerIsServedAfterARestartAsOldAsItIs() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=60", "ETag: \"one\"", "X-PyPI-Last-Serial: 17"));
        proxy.get(PAGE);
        clock.advance(Duration.ofSeconds(7));

        restart();
        clock.advance(Duration.ofSeconds(3));
        RawResponse recalled = proxy.get(PAGE);

        assertThat(recalled.status()).isEqualTo(200);
        assertThat(recalled.text()).isEqualTo("one");
        assertThat(recalled.header("detour-source")).isEqualTo("cache");
        assertThat(recalled.header("age")).isEqualTo("10");
        assertThat(recalled.header("etag")).isEqualTo("\"one\"");
        assertThat(recalled.header("x-pypi-last-serial")).isEqualTo("17");
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void afterARestartInAnOutageEveryPageOfTheLastDayIsStillThere() throws IOException {
        for (int i = 0; i < 50; i++) {
            backend.answer(fresh("page " + i));
            proxy.get("/simple/p" + i + '/');
        }
        backend.answer(Answer.status(503));
        clock.advance(Duration.ofHours(23));

        restart();

        for (int i = 0; i < 50; i++) {
            RawResponse stale = proxy.get("/simple/p" + i + '/');
            assertThat(stale.status()).isEqualTo(200);
            assertThat(stale.text()).isEqualTo("page " + i);
            assertThat(stale.header("detour-source")).isEqualTo("stale");
            assertThat(stale.header("age")).isEqualTo(String.valueOf(23 * 3_600));
        }
    }

    @Test
    void whatMemoryHasNoRoomForIsFoundOnTheDisk() throws IOException {
        proxy.close();
        memory = 256 << 10;
        proxy = started();
        String filling = "x".repeat(50_000);
        for (int i = 0; i < 30; i++) {
            backend.answer(page(i + filling, "Cache-Control: max-age=600"));
            proxy.get("/simple/p" + i + '/');
        }
        backend.answer(Answer.status(503));

        for (int i = 0; i < 30; i++) {
            RawResponse kept = proxy.get("/simple/p" + i + '/');
            assertThat(kept.header("detour-source")).isEqualTo("cache");
            assertThat(kept.text()).isEqualTo(i + filling);
        }
    }

    @Test
    void variantsAreToldApartAfterARestart() throws IOException {
        backend.answer(page("plain", "Cache-Control: max-age=60", "Vary: Accept-Language"));
        proxy.get(PAGE);
        backend.answer(page("deutsch", "Cache-Control: max-age=60", "Vary: Accept-Language"));
        proxy.get(PAGE, "Accept-Language: de");

        restart();

        assertThat(proxy.get(PAGE).text()).isEqualTo("plain");
        assertThat(proxy.get(PAGE, "Accept-Language: de").text()).isEqualTo("deutsch");
        assertThat(backend.heads()).hasSize(2);
    }

    @Test
    void whatIsStaleOnTheDiskIsRevalidatedNotFetchedAgain() throws IOException {
        backend.answer(fresh("one"));
        proxy.get(PAGE);
        clock.advance(Duration.ofSeconds(61));
        restart();
        backend.answer(Answer.raw("HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=60\r\n\r\n"));

        RawResponse renewed = proxy.get(PAGE);
        restart();
        clock.advance(Duration.ofSeconds(10));

        assertThat(backend.heads().get(1).header("if-none-match")).isEqualTo("\"3o\"");
        assertThat(renewed.text()).isEqualTo("one");
        RawResponse after = proxy.get(PAGE);
        assertThat(after.header("detour-source")).isEqualTo("cache");
        assertThat(after.text()).isEqualTo("one");
        assertThat(after.header("age")).isEqualTo("10");
    }

    @Test
    void aHardPurgeReachesTheDisk() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=600", "Surrogate-Key: project/x"));
        proxy.get(PAGE);
        restart();

        int onDisk = proxy.cache()
                .purge(new Purge(List.of(), List.of("project/x"), false, true))
                .onDisk()
                .join();
        backend.answer(Answer.status(503));

        assertThat(onDisk).isEqualTo(1);
        assertThat(proxy.get(PAGE).status()).isEqualTo(503);
        restart();
        assertThat(proxy.get(PAGE).status()).isEqualTo(503);
    }

    @Test
    void aPurgeByAddressReachesAllVariantsOnTheDisk() throws IOException {
        backend.answer(fresh("html"));
        proxy.get(PAGE);
        backend.answer(Answer.status(
                200,
                "application/vnd.pypi.simple.v1+json",
                "{}".getBytes(StandardCharsets.UTF_8),
                "Cache-Control: max-age=60"));
        proxy.get(PAGE, "Accept: application/vnd.pypi.simple.v1+json");
        restart();

        proxy.cache().purge(new Purge(List.of(PAGE), List.of(), false, true));
        backend.answer(Answer.status(503));

        assertThat(proxy.get(PAGE).status()).isEqualTo(503);
        assertThat(proxy.get(PAGE, "Accept: application/vnd.pypi.simple.v1+json")
                        .status())
                .isEqualTo(503);
    }

    @Test
    void aHardPurgeOfEverythingEmptiesTheDiskAndWhatFollowsIsKept() throws IOException {
        backend.answer(fresh("one"));
        proxy.get(PAGE);

        int onDisk = proxy.cache()
                .purge(new Purge(List.of(), List.of(), true, true))
                .onDisk()
                .join();
        backend.answer(fresh("two"));
        proxy.get(PAGE);
        restart();
        backend.answer(Answer.status(503));

        assertThat(onDisk).isEqualTo(1);
        assertThat(proxy.get(PAGE).text()).isEqualTo("two");
    }

    @Test
    void aSoftPurgeIsRememberedAcrossARestart() throws IOException {
        backend.answer(fresh("one"));
        proxy.get(PAGE);
        proxy.cache()
                .purge(new Purge(List.of(), List.of(), true, false))
                .onDisk()
                .join();
        restart();
        backend.answer(fresh("two"));

        assertThat(proxy.get(PAGE).text()).isEqualTo("two");
    }

    @Test
    void aChangedProjectIsForgottenOnTheDiskToo() throws IOException {
        backend.answer(fresh("one"));
        proxy.get("/project/x/");
        restart();
        backend.answer(page("changed"));
        proxy.request("DELETE", "/project/x/");
        backend.answer(Answer.status(503));

        assertThat(proxy.get("/project/x/").status()).isEqualTo(503);
        restart();
        assertThat(proxy.get("/project/x/").status()).isEqualTo(503);
    }

    @Test
    void aDamagedBodyIsDroppedAndNotServed() throws IOException {
        String text = "a body long enough to be found in the file ".repeat(200);
        backend.answer(fresh(text));
        proxy.get(PAGE);
        proxy.close();
        damage("long enough to be found".getBytes(StandardCharsets.US_ASCII));
        proxy = started();
        backend.answer(fresh("intact"));

        assertThat(proxy.get(PAGE).text()).isEqualTo("intact");
        assertThat(disk().damaged()).isEqualTo(1);
    }

    /** Changes one byte where {@code sample} first stands in the file. */
    private void damage(byte[] sample) throws IOException {
        byte[] content = Files.readAllBytes(file());
        int at = new String(content, StandardCharsets.ISO_8859_1)
                .indexOf(new String(sample, StandardCharsets.ISO_8859_1));
        assertThat(at).isPositive();
        try (RandomAccessFile access = new RandomAccessFile(file().toFile(), "rw")) {
            access.seek(at);
            access.write('#');
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsReplaced() throws IOException {
        proxy.close();
        Files.write(
                file(),
                "no database at all, whatever its name says ".repeat(1_000).getBytes(StandardCharsets.US_ASCII));
        proxy = started();
        backend.answer(fresh("one"));
        proxy.get(PAGE);
        restart();
        backend.answer(Answer.status(503));

        assertThat(proxy.get(PAGE).text()).isEqualTo("one");
    }

    @Test
    void aDirectoryThatCannotBeUsedKeepsNobodyFromServing() throws IOException {
        proxy.close();
        Files.delete(file());
        Files.createDirectory(file());
        Files.createFile(file().resolve("in the way"));
        proxy = started();
        backend.answer(fresh("one"));

        assertThat(proxy.get(PAGE).text()).isEqualTo("one");
        assertThat(proxy.get(PAGE).header("detour-source")).isEqualTo("cache");
        assertThat(disk().problem()).contains(directory.resolve("cache").toString());
    }

    @Test
    void aDirectoryThatIsFreeAgainIsUsedThoughNothingIsWrittenInAnOutage() throws IOException {
        backend.answer(fresh("one"));
        proxy.get(PAGE);
        try (RunningProxy second = started()) {
            proxy.close();
            backend.answer(Answer.status(503));
            clock.advance(Duration.ofSeconds(11));

            Await.until(
                    () -> isGiven(second, "one"),
                    () -> "problem: " + second.cache().statistics().disk());
        }
        proxy = started();
    }

    private static boolean isGiven(RunningProxy by, String text) {
        try {
            return by.get(PAGE).text().equals(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsPurgedWhileTheDirectoryCannotBeUsedIsNotFoundOnceItCan() throws Exception {
        backend.answer(page("malware", "Cache-Control: max-age=6000"));
        proxy.get(PAGE);
        try (RunningProxy second = started()) {
            second.cache()
                    .purge(new Purge(List.of(PAGE), List.of(), false, true))
                    .onDisk()
                    .join();
            proxy.close();
            clock.advance(Duration.ofSeconds(11));
            backend.answer(Answer.status(503));

            // the first that comes opens the directory, which is free now, and begins anew
            second.get("/simple/y/");
            assertThat(second.get(PAGE).status()).isEqualTo(503);
        }
        proxy = started();
        assertThat(proxy.get(PAGE).status()).isEqualTo(503);
    }

    @Test
    void aSecondProcessIsToldThatTheDirectoryIsTaken() throws IOException {
        try (RunningProxy second = started()) {
            DiskStatistics disk =
                    Objects.requireNonNull(second.cache().statistics().disk());

            assertThat(disk.problem()).contains("in use by another process");
        }
    }

    @Test
    void theFilesStayWithinTheirSizeAndWhatIsUsedStaysInThem() throws IOException {
        proxy.close();
        size = 4 << 20;
        proxy = started();
        String filling = "y".repeat(100_000);
        backend.answer(page("hot" + filling, "Cache-Control: max-age=600"));
        proxy.get("/simple/hot/");
        for (int i = 0; i < 120; i++) {
            backend.answer(page(i + filling, "Cache-Control: max-age=600"));
            proxy.get("/simple/p" + i + '/');
            clock.advance(Duration.ofSeconds(1));
        }
        restart();
        backend.answer(Answer.status(503));

        assertThat(disk().bytes()).isLessThanOrEqualTo(size);
        assertThat(bytesOnDisk()).isLessThanOrEqualTo(size);
        assertThat(proxy.get("/simple/p119/").text()).isEqualTo("119" + filling);
        assertThat(proxy.get("/simple/p0/").status()).isEqualTo(503);
    }

    private long bytesOnDisk() throws IOException {
        try (var files = Files.list(directory.resolve("cache"))) {
            return files.mapToLong(each -> each.toFile().length()).sum();
        }
    }

    @Test
    void aSmallerSizeTakesEffectAtTheNextStart() throws IOException {
        String filling = "z".repeat(100_000);
        for (int i = 0; i < 60; i++) {
            backend.answer(page(i + filling, "Cache-Control: max-age=600"));
            proxy.get("/simple/p" + i + '/');
        }
        size = 2 << 20;

        restart();
        proxy.close();

        assertThat(bytesOnDisk()).isLessThanOrEqualTo(size);
        proxy = started();
    }

    @Test
    void onlyTheOwnerMayReadTheFile() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Cache-Control: max-age=60", "Cache-Control: no-store"})
    void aPageThatWasTakenDownDoesNotComeBackWithARestart(String control) throws IOException {
        backend.answer(fresh("malware"));
        proxy.get(PAGE);
        clock.advance(Duration.ofSeconds(61));
        backend.answer(Answer.status(404, "text/html", new byte[0], control));
        proxy.get(PAGE);
        restart();
        backend.answer(Answer.status(503));

        assertThat(proxy.get(PAGE).status()).isNotEqualTo(200);
    }

    @Test
    void cookiesAreNotWritten() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=60", "Vary: Cookie"));
        proxy.get("/project/x/", "Cookie: session=secret");
        assertThat(proxy.get("/project/x/", "Cookie: session=secret").header("detour-source"))
                .isEqualTo("cache");

        restart();

        assertThat(disk().addresses()).isZero();
    }

    @Test
    void anAbsenceIsNotWritten() throws IOException {
        backend.answer(Answer.status(404));
        proxy.get(PAGE);

        restart();

        assertThat(disk().addresses()).isZero();
    }

    @Test
    void aClockThatWasSetBackMakesNothingYounger() throws IOException {
        backend.answer(fresh("one"));
        proxy.get(PAGE);
        proxy.close();
        clock = ManualClock.at(clock.instant().minus(Duration.ofHours(2)));
        proxy = started();
        backend.answer(fresh("two"));

        assertThat(proxy.get(PAGE).text()).isEqualTo("two");
    }
}
