package dev.detour.mirror.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.Origin;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.StoreSettings;
import dev.detour.mirror.store.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a run goes about its work: what first, what again, what not at all. */
class SyncRunTest {
    private static final String JSON = "application/vnd.pypi.simple.v1+json";
    private static final String HTML = "text/html";

    @TempDir
    private Path directory = Path.of("");

    private SyncedMirror mirror;

    @BeforeEach
    void open() throws IOException {
        mirror = new SyncedMirror(directory);
    }

    @AfterEach
    void close() throws IOException {
        mirror.close();
    }

    private void put(int projects) {
        for (int i = 100; i < 100 + projects; i++) {
            mirror.index.put("project-" + i, "1.0");
        }
    }

    private long asked(String path) {
        return mirror.index.requests.stream().filter(path::equals).count();
    }

    @Test
    void whatFailsIsTriedAgainAfterOneTwoAndFourSecondsAndThenParked() throws Exception {
        mirror.index.put("alpha", "1.0");
        mirror.index.answer("/simple/alpha/", 500, "text/plain", "no");
        Instant start = mirror.clock.instant();

        SyncReport report = mirror.run();

        assertThat(asked("/simple/alpha/")).isEqualTo(4);
        assertThat(mirror.clock.instant()).isEqualTo(start.plusSeconds(7));
        assertThat(report.outcomes()).containsOnly(java.util.Map.entry(Outcome.FAILED, 1L));
        Task parked = Objects.requireNonNull(mirror.store.live().task("alpha"));
        assertThat(parked.notBefore()).isEqualTo(start.plusSeconds(7).plus(Duration.ofMinutes(5)));
    }

    @Test
    void aParkedProjectIsNotAskedForBeforeItsTime() throws Exception {
        mirror.index.put("alpha", "1.0");
        mirror.index.answer("/simple/alpha/", 500, "text/plain", "no");
        mirror.run();
        mirror.index.requests.clear();

        mirror.runAfter(Duration.ofMinutes(4));

        assertThat(mirror.index.requests).containsExactly("/simple/");
    }

    @Test
    void anIndexThatFailsForEverythingIsLeftAlone() throws Exception {
        put(300);
        for (int i = 100; i < 400; i++) {
            mirror.index.answer("/simple/project-" + i + "/", 502, "text/plain", "no");
        }

        SyncReport report = mirror.run();

        assertThat(report.problem())
                .contains("answers in a row were failures, the last: ")
                .endsWith("answered 502");
        assertThat(mirror.index.requests).hasSizeLessThan(70);
        assertThat(report.confirmed()).isFalse();
    }

    @Test
    void aRunPausesWhileTheBackendIsUnfitAndThenGoesOn() throws Exception {
        put(40);
        AtomicInteger pages = new AtomicInteger();
        AtomicInteger waits = new AtomicInteger();
        mirror.rule = (project, page) -> {
            pages.incrementAndGet();
            return List.of();
        };
        mirror.unfit = () -> pages.get() >= 10 && waits.get() < 5;
        mirror.waiter = nanos -> {
            waits.incrementAndGet();
            mirror.clock.turn(Duration.ofNanos(nanos));
        };

        SyncReport report = mirror.run();

        assertThat(waits).hasValue(5);
        assertThat(report.outcomes()).containsOnly(java.util.Map.entry(Outcome.TAKEN, 40L));
        assertThat(report.confirmed()).isTrue();
    }

    @Test
    void aRestartInTheMiddleGoesOnWithTheRestOnly() throws Exception {
        put(40);
        AtomicInteger pages = new AtomicInteger();
        mirror.rule = (project, page) -> {
            if (pages.incrementAndGet() == 10) {
                mirror.syncer().close();
            }
            return List.of();
        };
        mirror.run();
        long left = mirror.store.live().tasksAfter("", 100).size();
        mirror.store.close();

        try (MirrorStore again = MirrorStore.open(directory, StoreSettings.defaults(), mirror.clock);
                Syncer syncer = new Syncer(
                        "local",
                        again,
                        IndexAddress.of(mirror.index.base()),
                        SyncSettings.defaults(),
                        new Syncer.Surroundings("test", mirror.rule, () -> false, SyncObserver.NONE, mirror.clock),
                        mirror.clock::nanos,
                        mirror.waiter)) {
            SyncReport report = syncer.run();

            assertThat(left).isBetween(1L, 39L);
            assertThat(report.outcomes()).containsEntry(Outcome.TAKEN, left);
            assertThat(report.confirmed()).isTrue();
        }
    }

    @Test
    void anEntryOfTheListThatGoesBackIsOldNews() throws Exception {
        mirror.index.put("alpha", "1.0").put("beta", "1.0");
        mirror.run();
        mirror.index.answer(
                "/simple/", 200, JSON, mirror.index.list().replace("102", "99").replaceFirst("99,\"api", "103,\"api"));
        mirror.index.requests.clear();

        SyncReport report = mirror.run();

        assertThat(mirror.index.requests).containsExactly("/simple/");
        assertThat(report.problem()).isNull();
        assertThat(Objects.requireNonNull(mirror.store.live().listed("beta")).serial())
                .hasValue(102);
    }

    @Test
    void pagesToBeReadAgainWaitForTheNextRunWhenItIsDue() throws Exception {
        put(40);
        mirror.run();
        mirror.index.apiVersion = "1.5";
        put(40);
        mirror.rule = (project, page) -> {
            mirror.clock.turn(Duration.ofMinutes(1));
            return List.of();
        };

        SyncReport first = mirror.run();
        mirror.rule = (project, page) -> List.of();
        SyncReport second = mirror.run();

        assertThat(first.rereads()).isBetween(20L, 38L);
        assertThat(first.parkedCount()).isZero();
        assertThat(first.confirmed()).isTrue();
        assertThat(second.rereads()).isZero();
        assertThat(mirror.served("project-139")).contains("\"api-version\":\"1.5\"");
    }

    @Test
    void pagesThatNobodyComparedForTooLongAreReadAgain() throws Exception {
        mirror.index.put("alpha", "1.0").put("beta", "1.0");
        mirror.run();
        mirror.index.requests.clear();

        SyncReport early = mirror.runAfter(Duration.ofDays(6));
        SyncReport late = mirror.runAfter(Duration.ofDays(2));

        assertThat(early.outcomes()).isEmpty();
        assertThat(late.outcomes()).containsOnly(java.util.Map.entry(Outcome.UNCHANGED, 2L));
    }

    @Test
    void anIndexWithoutSerialsHasItsPagesReadThoughItsListIsTheSame() throws Exception {
        mirror.index.withSerials = false;
        mirror.index.put("alpha", "1.0").put("beta", "1.0");
        SyncReport first = mirror.run();
        mirror.index.requests.clear();

        SyncReport report = mirror.run();

        assertThat(mirror.index.requests).containsExactlyInAnyOrder("/simple/", "/simple/alpha/", "/simple/beta/");
        assertThat(report.outcomes()).containsOnly(java.util.Map.entry(Outcome.UNCHANGED, 2L));
        assertThat(report.generation()).isEqualTo(first.generation());
    }

    @Test
    void anIndexThatHasNothingButHtmlIsCopiedToo() throws Exception {
        mirror.index.answer(
                "/simple/", 200, HTML, "<!DOCTYPE html><html><body><a href=\"/simple/demo/\">Demo</a></body></html>");
        mirror.index.answer(
                "/simple/demo/",
                200,
                HTML,
                "<!DOCTYPE html><html><body><a href=\"/packages/demo-1.0.tar.gz#sha256=" + "a".repeat(64)
                        + "\" data-requires-python=\"&gt;=3.8\">demo-1.0.tar.gz</a></body></html>");

        SyncReport report = mirror.run();

        assertThat(report.confirmed()).isTrue();
        assertThat(mirror.served("demo")).contains("\"filename\":\"demo-1.0.tar.gz\"", "\">=3.8\"");
    }

    @Test
    void aPageThatIsNotWhatItMustBeIsNotTakenAndNamed() throws Exception {
        mirror.index.put("alpha", "1.0").put("beta", "1.0");
        mirror.rule = (project, page) -> project.equals("beta") ? List.of("no hashes", "no size") : List.of();

        SyncReport report = mirror.run();

        assertThat(mirror.served("beta")).isNull();
        assertThat(SyncedMirror.parked(report, "beta")).isEqualTo("no hashes, and 1 more");
        assertThat(mirror.events).contains("beta INVALID: no hashes, and 1 more");
        assertThat(report.text()).contains("1 invalid", "1 parked");
    }

    @Test
    void aFaultOfARuleCostsOneProjectOnly() throws Exception {
        mirror.index.put("alpha", "1.0").put("beta", "1.0");
        mirror.rule = (project, page) -> {
            if (project.equals("alpha")) {
                throw new IllegalStateException("broken rule");
            }
            return List.of();
        };

        SyncReport report = mirror.run();

        assertThat(mirror.served("beta")).isNotNull();
        assertThat(SyncedMirror.parked(report, "alpha")).contains("broken rule");
    }

    @Test
    void anObserverHearsOfTheWorkAndOfEveryProject() throws Exception {
        mirror.index.put("alpha", "1.0").put("beta", "1.0");

        mirror.run();

        assertThat(mirror.events)
                .containsExactlyInAnyOrder("start 2", "alpha TAKEN", "beta TAKEN", "finish")
                .startsWith("start 2")
                .endsWith("finish");
    }

    @Test
    void aListInAnotherOrderAndWithARepetitionIsTheSameList() throws Exception {
        mirror.index.put("alpha", "1.0").put("beta", "1.0");
        mirror.run();
        mirror.index.answer(
                "/simple/",
                200,
                JSON,
                "{\"meta\":{\"_last-serial\":102,\"api-version\":\"1.4\"},\"projects\":["
                        + "{\"_last-serial\":102,\"name\":\"beta\"},{\"_last-serial\":101,\"name\":\"alpha\"},"
                        + "{\"_last-serial\":102,\"name\":\"beta\"}]}");
        mirror.index.requests.clear();

        SyncReport report = mirror.run();

        assertThat(report.listed()).isEqualTo(2);
        assertThat(mirror.index.requests).containsExactly("/simple/");
    }

    @Test
    void aStartedSyncerRunsAtOnceWhenAskedAndForWhatIsWanted() throws Exception {
        mirror.index.put("alpha", "1.0");
        mirror.syncer().start();
        mirror.syncer().runNow().get(60, TimeUnit.SECONDS);
        mirror.index.put("beta", "1.0");
        mirror.index.requests.clear();

        mirror.syncer().fetchSoon("beta", Task.Reason.WANTED);

        while (!mirror.events.contains("beta TAKEN")) {
            Thread.onSpinWait();
        }
        assertThat(mirror.index.requests).containsExactly("/simple/beta/");
        assertThat(mirror.store.live().page("beta")).isNotNull();
    }

    @Test
    void aNewerPageThatIsTakenMeanwhileIsNotOverwritten() throws Exception {
        mirror.index.put("alpha", "1.0");
        mirror.run();
        mirror.index.put("alpha", "1.0", "2.0");
        String newer = Objects.requireNonNull(mirror.index.pageOf("alpha")).replace("102", "105");
        AtomicInteger pages = new AtomicInteger();
        mirror.rule = (project, page) -> {
            if (pages.incrementAndGet() == 1) {
                capture(newer, 105);
            }
            return List.of();
        };

        SyncReport report = mirror.run();

        assertThat(mirror.served("alpha")).isEqualTo(newer);
        assertThat(report.parkedCount()).isZero();
    }

    private void capture(String page, long serial) {
        byte[] json = page.getBytes(StandardCharsets.UTF_8);
        try (Change change = mirror.store.change()) {
            change.page(
                            "alpha",
                            json,
                            new ProjectState(
                                    OptionalLong.of(serial),
                                    null,
                                    HexFormat.of()
                                            .formatHex(MessageDigest.getInstance("SHA-256")
                                                    .digest(json)),
                                    mirror.clock.instant(),
                                    null,
                                    Origin.CAPTURE))
                    .commit();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aSyncerStopsThoughTheIndexDoesNotAnswer() throws Exception {
        mirror.index.put("alpha", "1.0");
        mirror.index.stall("/simple/alpha/");
        mirror.syncer().start();
        while (!mirror.index.requests.contains("/simple/alpha/")) {
            Thread.onSpinWait();
        }
        long begin = System.nanoTime();

        mirror.syncer().close();

        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(5));
        assertThat(mirror.syncer().isRunning()).isFalse();
    }
}
