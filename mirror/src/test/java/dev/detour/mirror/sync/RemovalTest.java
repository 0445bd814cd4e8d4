package dev.detour.mirror.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it takes for a project to go, or a page to become empty. */
class RemovalTest {
    private static final Duration LATER = PageFetch.CONFIRMATION.plusSeconds(1);
    private static final String JSON = "application/vnd.pypi.simple.v1+json";

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

    private void listWithout(String... projects) {
        String list = mirror.index.list();
        for (String project : projects) {
            list = list.replaceAll("\\{[^{}]*\"name\":\"" + project + "\"},?", "");
        }
        mirror.index.answer("/simple/", 200, JSON, list.replace(",]", "]"));
    }

    @Test
    void aProjectThatIsListedAgainAsItWasIsNotRemovedByALateAnswer() throws Exception {
        mirror.index.put("alpha", "1.0").put("beta", "1.0");
        mirror.run();
        listWithout("beta");
        mirror.index.answer("/simple/beta/", 404, "text/plain", "no");
        mirror.run();
        mirror.index.heal("/simple/");

        SyncReport report = mirror.runAfter(LATER);

        assertThat(mirror.listed()).containsExactly("alpha", "beta");
        assertThat(report.outcomes()).doesNotContainKey(Outcome.REMOVED);
    }

    @Test
    void aProjectThatIsListedAgainAsItWasStaysListed() throws Exception {
        mirror.index.put("alpha", "1.0").put("beta", "1.0");
        mirror.run();
        listWithout("beta");
        mirror.index.answer("/simple/beta/", 404, "text/plain", "no");
        mirror.run();
        mirror.index.heal("/simple/");
        mirror.index.heal("/simple/beta/");

        SyncReport report = mirror.runAfter(LATER);

        assertThat(mirror.listed()).containsExactly("alpha", "beta");
        assertThat(report.parkedCount()).isZero();
    }

    @Test
    void errorsBeforeTheFirst404AreNotSightings() throws Exception {
        mirror.index.put("alpha", "1.0").put("beta", "1.0");
        mirror.run();
        mirror.index.remove("beta");
        mirror.index.answer("/simple/beta/", 500, "text/plain", "no");
        mirror.run();
        mirror.index.heal("/simple/beta/");

        SyncReport first = mirror.runAfter(Duration.ofHours(1));
        SyncReport second = mirror.runAfter(LATER);

        assertThat(first.outcomes()).containsOnlyKeys(Outcome.UNCONFIRMED);
        assertThat(second.outcomes()).containsOnlyKeys(Outcome.REMOVED);
    }

    @Test
    void theBrakeHoldsWhatWasMissingBeforeToo() throws Exception {
        for (int i = 10; i < 40; i++) {
            mirror.index.put("project-" + i, "1.0");
        }
        mirror.run();
        mirror.index.remove("project-10");
        mirror.run();
        for (int i = 11; i < 20; i++) {
            mirror.index.remove("project-" + i);
        }

        SyncReport report = mirror.runAfter(LATER);

        assertThat(report.problem()).contains("lacks 10 of 30 projects");
        assertThat(mirror.listed()).hasSize(30);
        assertThat(mirror.served("project-10")).isNotNull();
    }

    @Test
    void anOlderSightingOfAnEmptyPageDoesNotCountAfterAGoodOne() throws Exception {
        mirror.index.put("alpha", "1.0").put("beta", "1.0");
        mirror.run();
        String full = mirror.index.pageOf("alpha");
        mirror.index.put("alpha");
        mirror.run();
        mirror.index.answer("/simple/alpha/", 200, JSON, String.valueOf(full).replace("101", "103"));
        mirror.runAfter(LATER);
        mirror.index.heal("/simple/alpha/");
        mirror.index.put("alpha");

        SyncReport report = mirror.runAfter(LATER);

        assertThat(report.outcomes()).containsOnlyKeys(Outcome.UNCONFIRMED);
        assertThat(mirror.served("alpha")).contains("alpha-1.0");
    }

    @Test
    void aQuarantinedProjectThatIsDeletedLaterGoesWithTheNextReadingOfEverything() throws Exception {
        mirror.index.put("alpha", "1.0").put("evil", "1.0");
        mirror.run();
        mirror.index.putAs("evil", "quarantined");
        mirror.index.unlist("evil");
        mirror.run();
        mirror.index.remove("evil");

        mirror.runAfter(Duration.ofDays(8));
        mirror.runAfter(LATER);

        assertThat(mirror.served("evil")).isNull();
        assertThat(mirror.served("alpha")).isNotNull();
    }
}
