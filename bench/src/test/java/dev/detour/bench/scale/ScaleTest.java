package dev.detour.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.interchange.Import;
import dev.detour.mirror.interchange.ImportObserver;
import dev.detour.mirror.interchange.ImportReport;
import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.page.ProjectPage;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreSettings;
import dev.detour.mirror.sync.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void everyPageIsCanonicalAndKeepsToTheSpecification() {
        InventedIndex index = new InventedIndex(1, 400, 1);

        for (int i = 0; i < 400; i++) {
            byte[] page = index.page(i, 0);
            String project = Objects.requireNonNull(ProjectName.normalise(index.name(i)));

            assertThat(ProjectPage.parse(page).json()).isEqualTo(page);
            assertThat(PageRule.SPECIFICATION.problems(project, CanonicalJson.readObject(page)))
                    .isEmpty();
        }
    }

    @Test
    void sizesNamesAndFeaturesAreInTheSharesOfTheRealIndex() {
        InventedIndex index = new InventedIndex(1, 900_000, 1);
        int[] sizes = new int[20_000];
        int step = index.projects() / sizes.length;
        Set<String> names = new HashSet<>();
        long letters = 0;
        long files = 0;
        long attested = 0;
        for (int i = 0; i < sizes.length; i++) {
            String page = new String(index.page(i * step, 0), StandardCharsets.UTF_8);
            sizes[i] = page.length();
            names.add(Objects.requireNonNull(ProjectName.normalise(index.name(i * step))));
            letters += index.name(i * step).length();
            files += count(page, "\"filename\":");
            attested += count(page, "/provenance\"");
        }
        Arrays.sort(sizes);

        assertThat(names).hasSize(sizes.length);
        assertThat(letters / (double) sizes.length).isBetween(12.5, 14.0);
        assertThat(sizes[sizes.length / 2]).isBetween(2_000, 4_000);
        assertThat(sizes[sizes.length * 99 / 100]).isBetween(130_000, 260_000);
        assertThat(sizes[sizes.length - 1]).isBetween(8_000_000, 13_000_000);
        assertThat(attested / (double) files).isBetween(0.14, 0.20);
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
            count++;
        }
        return count;
    }

    @Test
    void theSameSeedMakesTheSameIndex() {
        assertThat(new InventedIndex(5, 50, 1).page(7, 0)).isEqualTo(new InventedIndex(5, 50, 1).page(7, 0));
        assertThat(new InventedIndex(6, 50, 1).page(7, 0)).isNotEqualTo(new InventedIndex(5, 50, 1).page(7, 0));
    }

    @Test
    void twoThousandProjectsAreImportedAndFollowed() throws Exception {
        InventedIndex index = new InventedIndex(2, 2_000, 0.1);
        Path pages = directory.resolve("pages.jsonl.zst");
        index.writePages(pages);

        try (InventedServer server = new InventedServer(index, 100)) {
            Measurement.Result result = new Measurement(index, directory.resolve("store")).run(pages, server.base(0));

            assertThat(result.imported().results()).isEqualTo(Map.of(ImportReport.Result.ADDED, 2_000L));
            assertThat(result.imported().confirmed()).isTrue();
            assertThat(result.unchanged().outcomes().values()).allMatch(count -> count == 0);
            assertThat(result.unchanged().confirmed()).isTrue();
            assertThat(result.changed().outcomes()).containsEntry(Outcome.TAKEN, 100L);
        }
    }

    @Test
    void aTreeOfItGivesBackWhyFilesWereYanked() throws Exception {
        InventedIndex index = new InventedIndex(3, 300, 1);
        index.writeTree(directory.resolve("web"));
        try (MirrorStore store =
                MirrorStore.open(directory.resolve("store"), StoreSettings.defaults(), Clock.systemUTC())) {
            ImportReport report = new Import(
                            store, Import.Settings.defaults(), PageRule.SPECIFICATION, ImportObserver.NONE)
                    .run(directory.resolve("web"));

            long reasons = 0;
            long kept = 0;
            for (int i = 0; i < 300; i++) {
                String project = Objects.requireNonNull(ProjectName.normalise(index.name(i)));
                reasons += count(new String(index.page(i, 0), StandardCharsets.UTF_8), "\"yanked\":\"");
                kept += count(
                        new String(Objects.requireNonNull(store.live().page(project)), StandardCharsets.UTF_8),
                        "\"yanked\":\"");
            }
            assertThat(report.problems()).isEmpty();
            assertThat(reasons).isPositive();
            assertThat(kept).isEqualTo(reasons);
        }
    }
}
