package dev.detour.mirror.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.page.Feature;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.Origin;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);

    @TempDir
    private Path directory = Path.of("");

    private final List<String> refetched = new ArrayList<>();
    private final Map<String, byte[]> index = new TreeMap<>();
    private final List<String> asked = new ArrayList<>();
    private final ScheduledExecutorService idle = Executors.newSingleThreadScheduledExecutor();
    private MirrorStore store;
    private Auditor auditor;
    private RollingAudit rolling;
    private boolean unfit;

    @BeforeEach
    void open() throws StoreException {
        store = MirrorStore.open(directory, StoreSettings.defaults(), CLOCK);
        auditor = new Auditor("local", store, refetched::add, 0.99, CLOCK);
        rolling = new RollingAudit(auditor, store, this::answer, () -> unfit, Duration.ofDays(7), idle);
    }

    private IndexPages.Answer answer(String project) {
        asked.add(project);
        byte[] page = index.get(project);
        return page == null ? new IndexPages.Answer.Gone() : new IndexPages.Answer.Page(page, serialOf(page), null);
    }

    private static OptionalLong serialOf(byte[] page) {
        String text = new String(page, StandardCharsets.UTF_8);
        return OptionalLong.of(Long.parseLong(text.replaceAll("(?s).*\"_last-serial\":([0-9]+).*", "$1")));
    }

    @AfterEach
    void close() throws StoreException {
        rolling.close();
        idle.shutdownNow();
        store.close();
    }

    private static byte[] page(String project, long serial, String requiresPython) {
        return ("{\"files\":[{\"core-metadata\":false,\"data-dist-info-metadata\":false,\"filename\":\"" + project
                        + "-1.0.tar.gz\",\"hashes\":{\"sha256\":\"" + "0".repeat(64)
                        + "\"},\"provenance\":null,\"requires-python\":" + requiresPython
                        + ",\"size\":1,\"upload-time\":\"2026-01-02T03:04:05.678900Z\",\"url\":\"https://files.example.org/packages/00/"
                        + project + "-1.0.tar.gz\",\"yanked\":false}],\"meta\":{\"_last-serial\":" + serial
                        + ",\"api-version\":\"1.4\"},\"name\":\"" + project
                        + "\",\"project-status\":{\"status\":\"active\"},\"versions\":[\"1.0\"]}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** In the mirror and in the index. */
    private void put(String project, byte[] mirrored, byte[] inIndex) throws StoreException {
        try (Change change = store.change()) {
            change.page(
                            project,
                            mirrored,
                            new ProjectState(serialOf(mirrored), null, Sha256.hex(mirrored), NOON, null, Origin.SYNC))
                    .listed(new ListEntry(project, OptionalLong.empty(), "{\"name\":\"" + project + "\"}"))
                    .commit();
        }
        index.put(project, inIndex);
    }

    private void put(String project) throws StoreException {
        put(project, page(project, 5, "\">=3.8\""), page(project, 5, "\">=3.8\""));
    }

    @Test
    void pagesOfTheSameBytesAreFaithful() throws StoreException {
        put("alpha");
        put("beta");
        store.seal(NOON);

        rolling.compareNext(2);

        assertThat(auditor.fidelity().ratio()).isEqualTo(1.0);
        assertThat(auditor.fidelity().byVerdict()).containsEntry(Verdict.IDENTICAL, 2L);
        assertThat(refetched).isEmpty();
    }

    @Test
    void everyProjectIsComparedOnceInACycleInTheOrderOfNames() throws StoreException {
        put("gamma");
        put("alpha");
        put("beta");
        store.seal(NOON);

        rolling.compareNext(3);

        assertThat(asked).containsExactly("alpha", "beta", "gamma");
    }

    @Test
    void aRestartGoesOnWhereItStood() throws StoreException {
        put("alpha");
        put("beta");
        store.seal(NOON);
        rolling.compareNext(1);

        new RollingAudit(auditor, store, this::answer, () -> false, Duration.ofDays(7), idle).compareNext(1);

        assertThat(asked).containsExactly("alpha", "beta");
    }

    @Test
    void aLostFieldIsNamedAndThePageFetchedAgain() throws StoreException {
        put("alpha", page("alpha", 5, "null"), page("alpha", 5, "\">=3.8\""));
        store.seal(NOON);

        rolling.compareNext(1);

        assertThat(auditor.fidelity().unfaithful()).hasSize(1);
        assertThat(auditor.fidelity().unfaithful().get(0).toString())
                .startsWith("alpha: 'requires-python' of alpha-1.0.tar.gz");
        assertThat(auditor.fidelity().coverage()).containsEntry(Feature.REQUIRES_PYTHON, 0.0);
        assertThat(refetched).containsExactly("alpha");
        assertThat(auditor.fidelity().repairs()).isEqualTo(1);
    }

    @Test
    void aRepairedPageSpeaksForTheMirrorAgain() throws StoreException {
        put("alpha", page("alpha", 5, "null"), page("alpha", 5, "\">=3.8\""));
        store.seal(NOON);
        rolling.compareNext(1);
        put("alpha");
        store.seal(NOON);

        // the one that was different comes before the next in turn
        rolling.compareNext(1);

        assertThat(auditor.fidelity().ratio()).isEqualTo(1.0);
    }

    @Test
    void aPageThatOnlyWaitsToBeSealedIsNotFetchedAgain() throws StoreException {
        put("alpha", page("alpha", 5, "null"), page("alpha", 5, "\">=3.8\""));
        store.seal(NOON);
        put("alpha");

        rolling.compareNext(1);

        assertThat(refetched).isEmpty();
    }

    @Test
    void aLaterPageOfTheIndexIsLagAndNotInfidelity() throws StoreException {
        put("alpha", page("alpha", 5, "null"), page("alpha", 6, "\">=3.8\""));
        store.seal(NOON);

        rolling.compareNext(1);

        assertThat(auditor.fidelity().ratio()).isEqualTo(1.0);
        assertThat(auditor.fidelity().byVerdict()).containsEntry(Verdict.LAGGING, 1L);
        assertThat(refetched).containsExactly("alpha");
    }

    @Test
    void anEarlierPageOfTheIndexIsAStaleReplica() throws StoreException {
        put("alpha", page("alpha", 6, "null"), page("alpha", 5, "\">=3.8\""));
        store.seal(NOON);

        rolling.compareNext(1);

        assertThat(auditor.fidelity().byVerdict()).containsEntry(Verdict.AHEAD, 1L);
        assertThat(refetched).isEmpty();
    }

    @Test
    void aProjectThatTheIndexHasNotAnyMoreIsReported() throws StoreException {
        put("alpha");
        store.seal(NOON);
        index.clear();

        rolling.compareNext(1);

        assertThat(auditor.fidelity().unfaithful().get(0)).hasToString("alpha: gone");
        assertThat(refetched).containsExactly("alpha");
    }

    @Test
    void belowMinFidelityTheDoubtNamesFieldAndProject() throws StoreException {
        for (int i = 10; i < 40; i++) {
            String project = "project-" + i;
            if (i % 3 == 0) {
                put(project, page(project, 5, "null"), page(project, 5, "\">=3.8\""));
            } else {
                put(project);
            }
        }
        store.seal(NOON);
        assertThat(auditor.doubt()).isNull();

        for (Map.Entry<String, byte[]> page : index.entrySet()) {
            auditor.compare(page.getKey(), page.getValue(), OptionalLong.of(5));
        }

        assertThat(auditor.doubt())
                .isEqualTo("66.7 % of 30 compared pages are the index's (limit: 99.0 %); "
                        + "project-39: 'requires-python' of project-39-1.0.tar.gz is null (index: \">=3.8\")");
    }

    @Test
    void whatClientsGetIsComparedAndNotFetchedAgain() throws StoreException {
        put("alpha", page("alpha", 5, "null"), page("alpha", 5, "\">=3.8\""));
        store.seal(NOON);

        auditor.observe("alpha", page("alpha", 5, "\">=3.8\""), OptionalLong.of(5));

        assertThat(auditor.fidelity().byVerdict()).containsEntry(Verdict.DIFFERENT, 1L);
        assertThat(refetched).isEmpty();
    }

    @Test
    void nothingIsAskedWhileTheBackendIsUnfit() throws StoreException {
        put("alpha");
        store.seal(NOON);
        unfit = true;

        rolling.compareNext(1);

        assertThat(asked).isEmpty();
    }

    @Test
    void thePaceIsThatOfTheCycleButNeverSlowerThanAPageAMinute() throws StoreException {
        put("alpha");
        store.seal(NOON);

        assertThat(rolling.pace()).isEqualTo(Duration.ofMinutes(1));
    }
}
