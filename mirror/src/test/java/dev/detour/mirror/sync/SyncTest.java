package dev.detour.mirror.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncTest {
    @TempDir
    private Path directory = Path.of("");

    private final TurnedClock clock = new TurnedClock();
    private final AtomicBoolean unfit = new AtomicBoolean();
    private FakeIndex index;
    private MirrorStore store;
    private Syncer syncer;

    @BeforeEach
    void open() throws IOException {
        index = new FakeIndex();
        store = MirrorStore.open(directory, StoreSettings.defaults(), clock);
        syncer = syncer();
    }

    private Syncer syncer() {
        SyncSettings defaults = SyncSettings.defaults();
        SyncSettings settings = new SyncSettings(
                defaults.every(),
                4,
                1_000_000,
                SyncSettings.Documents.NONE,
                true,
                SyncSettings.Files.NONE,
                defaults.brakeProjects(),
                defaults.brakeShare(),
                defaults.readAll());
        return new Syncer(
                "local",
                store,
                IndexAddress.of(index.base()),
                settings,
                new Syncer.Surroundings("test", PageRule.SPECIFICATION, unfit::get, SyncObserver.NONE, clock),
                clock::nanos,
                nanos -> clock.turn(Duration.ofNanos(nanos)));
    }

    @AfterEach
    void close() throws StoreException {
        syncer.close();
        store.close();
        index.close();
    }

    private SyncReport run() throws Exception {
        return syncer.run();
    }

    private @Nullable String served(String project) throws StoreException {
        try (Generation.Lease lease = store.generations().current()) {
            byte[] page = lease == null ? null : lease.generation().view().page(project);
            return page == null ? null : new String(page, StandardCharsets.UTF_8);
        }
    }

    private SortedMap<String, String> listed() throws StoreException {
        SortedMap<String, String> listed = new TreeMap<>();
        try (Generation.Lease lease = Objects.requireNonNull(store.generations().current())) {
            lease.generation().view().forEachListed(entry -> listed.put(entry.project(), entry.json()));
        }
        return listed;
    }

    private @Nullable String parked(SyncReport report, String project) {
        return report.parked().stream()
                .filter(parked -> parked.project().equals(project))
                .map(SyncReport.Parked::reason)
                .findFirst()
                .orElse(null);
    }

    @Test
    void theFirstRunCopiesEverything() throws Exception {
        index.put("alpha", "1.0", "1.1").put("beta").putAs("gamma", "archived", "2.0");

        SyncReport report = run();

        assertThat(report.confirmed()).isTrue();
        assertThat(report.outcomes()).containsEntry(Outcome.TAKEN, 3L);
        for (String project : List.of("alpha", "beta", "gamma")) {
            assertThat(served(project)).isEqualTo(index.pageOf(project));
        }
    }

    @Test
    void aRunWithoutChangesAsksForTheListAndNothingElse() throws Exception {
        index.put("alpha", "1.0").put("beta", "1.0");
        run();
        index.requests.clear();

        SyncReport report = run();

        assertThat(index.requests).containsExactly("/simple/");
        assertThat(report.text()).contains("2 projects listed; nothing to fetch; generation 1, confirmed");
    }

    @Test
    void onlyWhatHasAnotherSerialIsFetched() throws Exception {
        index.put("alpha", "1.0").put("beta", "1.0");
        run();
        index.requests.clear();
        index.put("beta", "1.0", "2.0");

        run();

        assertThat(index.requests).containsExactlyInAnyOrder("/simple/", "/simple/beta/");
        assertThat(served("beta")).isEqualTo(index.pageOf("beta"));
    }

    @Test
    void anErrorOfOneProjectHoldsUpNobodyAndIsReportedByName() throws Exception {
        index.put("alpha", "1.0").put("beta", "1.0").put("gamma", "1.0");
        index.answer("/simple/beta/", 500, "text/html", "<h1>Server Error</h1>");

        SyncReport report = run();

        assertThat(served("alpha")).isNotNull();
        assertThat(served("gamma")).isNotNull();
        assertThat(report.confirmed()).isTrue();
        assertThat(parked(report, "beta")).endsWith("/simple/beta/ answered 500");
    }

    @Test
    void aPageThatFailedIsKeptAsItWasAndFetchedLater() throws Exception {
        index.put("alpha", "1.0");
        run();
        String before = Objects.requireNonNull(index.pageOf("alpha"));
        index.put("alpha", "1.0", "2.0");
        index.answer("/simple/alpha/", 503, "text/plain", "no");
        run();
        assertThat(served("alpha")).isEqualTo(before);

        index.heal("/simple/alpha/");
        clock.turn(Duration.ofHours(1));
        run();

        assertThat(served("alpha")).isEqualTo(index.pageOf("alpha"));
    }

    @Test
    void anEarlierSerialIsAStaleReplica() throws Exception {
        index.put("alpha", "1.0");
        run();
        index.put("alpha", "1.0", "2.0");
        run();
        String newest = index.pageOf("alpha");
        index.put("alpha", "1.0", "2.0", "3.0");
        index.serveStale("alpha", 101, "1.0");

        SyncReport report = run();

        assertThat(served("alpha")).isEqualTo(newest);
        assertThat(parked(report, "alpha")).isEqualTo("the index gave serial 101 (expected: 103 or later)");
    }

    @Test
    void aReplicaThatCatchesUpIsAskedAgainInTheSameRun() throws Exception {
        index.put("alpha", "1.0");
        run();
        index.put("alpha", "1.0", "2.0");
        index.answer("/simple/alpha/", 502, "text/plain", "no");
        AtomicInteger waits = new AtomicInteger();
        syncer.close();
        syncer = new Syncer(
                "local",
                store,
                IndexAddress.of(index.base()),
                SyncSettings.defaults(),
                new Syncer.Surroundings("test", PageRule.SPECIFICATION, unfit::get, SyncObserver.NONE, clock),
                clock::nanos,
                nanos -> {
                    clock.turn(Duration.ofNanos(nanos));
                    if (nanos >= Duration.ofMillis(500).toNanos() && waits.incrementAndGet() == 2) {
                        index.heal("/simple/alpha/");
                    }
                });

        run();

        assertThat(served("alpha")).isEqualTo(index.pageOf("alpha"));
    }

    @Test
    void anEmptyListChangesNothing() throws Exception {
        index.put("alpha", "1.0").put("beta", "1.0");
        run();
        index.answer(
                "/simple/",
                200,
                "application/vnd.pypi.simple.v1+json",
                "{\"meta\":{\"api-version\":\"1.4\"},\"projects\":[]}");

        SyncReport report = run();

        assertThat(report.problem()).isEqualTo("the project list is empty (expected: about 2 projects)");
        assertThat(report.confirmed()).isFalse();
        assertThat(listed()).containsOnlyKeys("alpha", "beta");
    }

    @Test
    void anErrorPageWithStatus200IsNoList() throws Exception {
        index.put("alpha", "1.0");
        run();
        index.answer("/simple/", 200, "text/html", "<html><h1>We will be back soon</h1></html>");

        SyncReport report = run();

        assertThat(report.problem())
                .isEqualTo("the project list is none: it is HTML (expected: JSON, as the index gave it before)");
        assertThat(listed()).containsOnlyKeys("alpha");
    }

    @Test
    void aListThatIsCutOffChangesNothing() throws Exception {
        index.put("alpha", "1.0").put("beta", "1.0");
        run();
        index.put("gamma", "1.0");
        index.cut("/simple/", index.list());

        SyncReport report = run();

        assertThat(report.problem()).startsWith("the project list could not be had: ");
        assertThat(listed()).containsOnlyKeys("alpha", "beta");
    }

    @Test
    void aListWithHalfOfAJsonDocumentChangesNothing() throws Exception {
        index.put("alpha", "1.0").put("beta", "1.0");
        run();
        String list = index.list();
        index.answer("/simple/", 200, "application/vnd.pypi.simple.v1+json", list.substring(0, list.length() - 20));

        SyncReport report = run();

        assertThat(report.problem()).startsWith("the project list is none: not JSON");
        assertThat(listed()).containsOnlyKeys("alpha", "beta");
    }

    @Test
    void aListThatLacksManyRemovesNone() throws Exception {
        for (int i = 0; i < 30; i++) {
            index.put("project-" + i, "1.0");
        }
        run();
        for (int i = 0; i < 9; i++) {
            index.remove("project-" + i);
        }

        SyncReport report = run();
        clock.turn(Duration.ofHours(1));
        run();

        assertThat(report.problem()).isEqualTo("the project list lacks 9 of 30 projects (limit: 3); none is removed");
        assertThat(report.confirmed()).isFalse();
        assertThat(listed()).hasSize(30);
    }

    @Test
    void aStaleListChangesNothing() throws Exception {
        index.put("alpha", "1.0").put("beta", "1.0");
        run();
        index.serial.set(50);

        assertThat(run().problem())
                .isEqualTo("the project list has serial 50 (expected: 102 or later): a stale replica");
    }

    @Test
    void anErrorPageWithStatus200IsNoPage() throws Exception {
        index.put("alpha", "1.0");
        run();
        String before = index.pageOf("alpha");
        index.put("alpha", "2.0");
        index.answer("/simple/alpha/", 200, "text/html", "<html>Sorry</html>");

        SyncReport report = run();

        assertThat(served("alpha")).isEqualTo(before);
        assertThat(parked(report, "alpha")).startsWith("it is HTML (expected: JSON");
    }

    @Test
    void halfAPageIsNoPage() throws Exception {
        index.put("alpha", "1.0");
        run();
        String before = index.pageOf("alpha");
        index.put("alpha", "2.0");
        String page = Objects.requireNonNull(index.pageOf("alpha"));
        index.answer(
                "/simple/alpha/", 200, "application/vnd.pypi.simple.v1+json", page.substring(0, page.length() / 2));

        SyncReport report = run();

        assertThat(served("alpha")).isEqualTo(before);
        assertThat(parked(report, "alpha")).startsWith("not JSON");
    }

    @Test
    void aProjectIsRemovedWhenItWasSeenGoneTwice() throws Exception {
        index.put("alpha", "1.0").put("beta", "1.0");
        run();
        index.remove("beta");

        SyncReport first = run();
        assertThat(first.outcomes()).containsEntry(Outcome.UNCONFIRMED, 1L);
        assertThat(listed()).containsKey("beta");
        clock.turn(PageFetch.CONFIRMATION.plusSeconds(1));
        SyncReport second = run();

        assertThat(second.outcomes()).containsEntry(Outcome.REMOVED, 1L);
        assertThat(listed()).containsOnlyKeys("alpha");
        assertThat(served("beta")).isNull();
    }

    @Test
    void aProjectThatComesBackBeforeThatStays() throws Exception {
        index.put("alpha", "1.0").put("beta", "1.0");
        run();
        index.remove("beta");
        run();
        index.put("beta", "1.0", "1.1");
        clock.turn(PageFetch.CONFIRMATION.plusSeconds(1));

        run();

        assertThat(served("beta")).isEqualTo(index.pageOf("beta"));
        assertThat(listed()).containsKey("beta");
    }

    @Test
    void aQuarantinedProjectKeepsItsQuarantinePageAndLeavesTheList() throws Exception {
        index.put("alpha", "1.0").put("evil", "1.0");
        run();
        index.putAs("evil", "quarantined");
        index.unlist("evil");

        run();

        assertThat(served("evil")).isEqualTo(index.pageOf("evil"));
        assertThat(listed()).containsOnlyKeys("alpha");
    }

    @Test
    void aPageThatLosesAllFilesWithoutAWordIsBelievedWhenSeenAgain() throws Exception {
        index.put("alpha", "1.0");
        run();
        String before = index.pageOf("alpha");
        index.put("alpha");

        SyncReport report = run();
        assertThat(served("alpha")).isEqualTo(before);
        assertThat(parked(report, "alpha")).isEqualTo("its page has lost all files, and no status says why");
        clock.turn(PageFetch.CONFIRMATION.plusSeconds(1));
        run();

        assertThat(served("alpha")).isEqualTo(index.pageOf("alpha"));
    }

    @Test
    void afterAChangeOfTheApiVersionEverythingIsReadAgain() throws Exception {
        index.put("alpha", "1.0").put("beta", "1.0");
        run();
        index.requests.clear();
        index.apiVersion = "1.5";

        run();

        assertThat(index.requests).contains("/simple/alpha/", "/simple/beta/");
    }

    @Test
    void anIndexWithoutSerialsIsAskedByTag() throws Exception {
        index.withSerials = false;
        index.put("alpha", "1.0").put("beta", "1.0");
        run();
        index.put("beta", "1.0", "1.1");

        SyncReport report = run();

        assertThat(report.outcomes()).containsEntry(Outcome.TAKEN, 1L).containsEntry(Outcome.UNCHANGED, 1L);
        assertThat(served("beta")).isEqualTo(index.pageOf("beta"));
    }

    @Test
    void nothingIsAskedWhileTheBackendIsUnfit() throws Exception {
        index.put("alpha", "1.0");
        unfit.set(true);

        SyncReport report = run();

        assertThat(index.requests).isEmpty();
        assertThat(report.problem()).contains("breaker is open");
    }

    @Test
    void aRestartGoesOnWithWhatWasLeft() throws Exception {
        index.put("alpha", "1.0").put("beta", "1.0");
        index.answer("/simple/beta/", 500, "text/plain", "no");
        run();
        syncer.close();
        store.close();
        index.heal("/simple/beta/");
        clock.turn(Duration.ofHours(1));

        store = MirrorStore.open(directory, StoreSettings.defaults(), clock);
        syncer = syncer();
        index.requests.clear();
        run();

        assertThat(index.requests).containsExactlyInAnyOrder("/simple/", "/simple/beta/");
        assertThat(served("beta")).isEqualTo(index.pageOf("beta"));
    }

    @Test
    void theAgeCountsFromTheQuestionForTheListItAgreesWith() throws Exception {
        index.put("alpha", "1.0");
        Instant asked = clock.instant();

        run();

        try (Generation.Lease lease = Objects.requireNonNull(store.generations().current())) {
            assertThat(lease.generation().confirmedAt()).isEqualTo(asked);
        }
    }

    @Test
    void aCopyWithManyHolesIsNotConfirmed() throws Exception {
        for (int i = 0; i < 30; i++) {
            index.put("project-" + i, "1.0");
            if (i % 2 == 0) {
                index.answer("/simple/project-" + i + "/", 500, "text/plain", "no");
            }
        }

        SyncReport report = run();

        assertThat(report.confirmed()).isFalse();
        assertThat(report.parkedCount()).isEqualTo(15);
    }

    @Test
    void anIndexThatIsAwayChangesNothing() throws Exception {
        index.put("alpha", "1.0");
        run();
        index.close();

        SyncReport report = run();

        assertThat(report.problem()).startsWith("the project list could not be had: ");
        assertThat(listed()).containsOnlyKeys("alpha");
    }
}
