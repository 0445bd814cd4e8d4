package dev.detour.proxy.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every failure times every kind of request over every line, compared with {@code docs/faults.md}. The page is the
 * expectation: whoever changes what a client gets changes the page.
 *
 * <p>The cells are measured side by side, because most of the time they wait; a cell that took longer than the page says, or that
 * is about a limit which a busy machine may exceed, is measured again alone.
 */
class FaultMatrixTest {
    /** Rows that are also measured with a client that speaks TLS. */
    private static final Set<Breakage> WITH_CLIENT_TLS = EnumSet.of(
            Breakage.REFUSED,
            Breakage.HANG,
            Breakage.STATUS_503,
            Breakage.RESET_STREAMED,
            Breakage.TRUNCATED_CHUNKED_HELD,
            Breakage.EMPTY);

    private static final Set<Breakage> WITH_TLS_ON_BOTH_SIDES =
            EnumSet.of(Breakage.EXPIRED, Breakage.HANG_STREAMED, Breakage.TRUNCATED_STREAMED);

    private static final int TRIES_ALONE = 3;

    @TempDir
    static Path files = Path.of(".");

    /** One cell over one line. */
    private record Place(Breakage breakage, ApiColumn column, Line line) {
        String name() {
            return breakage.label() + ", " + column.label() + ", " + line.label();
        }
    }

    @Test
    void thePageHasEveryRowOnceAndInOrder() throws IOException {
        assertThat(FaultPage.read().labels())
                .containsExactlyElementsOf(
                        Stream.of(Breakage.values()).map(Breakage::label).toList());
    }

    @Test
    void thePageSaysWhichRowsNeedTls() throws IOException {
        FaultPage page = FaultPage.read();

        assertThat(Breakage.values())
                .allSatisfy(row ->
                        assertThat(page.row(row).over()).as(row.label()).isEqualTo(row.tlsOnly() ? "TLS" : "both"));
    }

    @Test
    void thePageHasNoErrorThatALaterSourceCouldHaveAnswered() throws IOException {
        FaultPage page = FaultPage.read();

        for (Breakage row : Breakage.values()) {
            for (ApiColumn column : ApiColumn.values()) {
                Cell cell = page.row(row).cell(column);
                if (column.mirrored()) {
                    assertThat(cell.outcome())
                            .as(row.label() + ", " + column.label())
                            .isIn(Outcome.MIRROR, Outcome.BACKEND, Outcome.BROKEN);
                    assertThat(cell.status()).isEqualTo(200);
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> everyCellIsAsThePageSays() throws Exception {
        MatrixFiles.write(files);
        FaultPage page = FaultPage.read();
        Map<Place, Measured> measured = new LinkedHashMap<>();
        for (String provider : List.of("jdk", "openssl")) {
            measured.putAll(measure(provider, page));
        }
        Files.writeString(
                Path.of("target/faults-measured.md"),
                MatrixFiles.table(
                        page,
                        (row, column) ->
                                measured.get(new Place(row, column, row.tlsOnly() ? Line.TLS_OPENSSL : Line.CLEAR))));
        return measured.entrySet().stream()
                .map(cell -> DynamicTest.dynamicTest(
                        cell.getKey().name(), () -> compare(page, cell.getKey(), cell.getValue())));
    }

    private static Map<Place, Measured> measure(String provider, FaultPage page) throws Exception {
        List<Place> places = places(provider);
        Map<Place, Measured> all = new LinkedHashMap<>();
        try (SideBySide pool = new SideBySide(provider)) {
            Map<Place, Callable<Measured>> trials = new LinkedHashMap<>();
            places.forEach(place -> trials.put(place, () -> trial(place).run()));
            all.putAll(pool.run(trials));
            for (Map.Entry<Place, Measured> cell : all.entrySet()) {
                Place place = cell.getKey();
                Cell expected = page.row(place.breakage()).cell(place.column());
                for (int i = 0; i < TRIES_ALONE && busy(place, cell.getValue(), expected); i++) {
                    // what must never be stays wrong, whatever the next try says
                    cell.setValue(trial(place).run().with(cell.getValue().wrong()));
                }
            }
        }
        return all;
    }

    /** Whether it may be the machine that was slow: the wait was too long, or a short limit may have been hit by chance. */
    private static boolean busy(Place place, Measured measured, Cell expected) {
        return place.breakage().timed()
                ? !measured.is(expected)
                : !expected.limit().covers(measured.waited());
    }

    private static Trial trial(Place place) {
        return new Trial(place.breakage(), place.column(), place.line(), files);
    }

    private static List<Place> places(String provider) {
        List<Place> places = new ArrayList<>();
        for (Breakage breakage : Breakage.values()) {
            for (ApiColumn column : ApiColumn.values()) {
                for (Line line : Line.values()) {
                    if (line.provider().equals(provider) && measured(breakage, line)) {
                        places.add(new Place(breakage, column, line));
                    }
                }
            }
        }
        return places;
    }

    private static boolean measured(Breakage breakage, Line line) {
        return switch (line) {
            case CLEAR -> !breakage.tlsOnly();
            case TLS_JDK, TLS_OPENSSL -> true;
            case CLIENT_TLS -> WITH_CLIENT_TLS.contains(breakage);
            case BOTH_TLS -> WITH_TLS_ON_BOTH_SIDES.contains(breakage);
        };
    }

    private static void compare(FaultPage page, Place place, Measured measured) {
        FaultPage.Row row = page.row(place.breakage());
        Cell expected = row.cell(place.column());

        assertThat(measured.cell(expected.limit()))
                .as("%s: page against measured: %s", place.name(), measured)
                .isEqualTo(expected);
        assertThat(measured.otherwise()).as("%s: asked again", place.name()).isEmpty();
        assertThat(measured.wrong()).as(place.name()).isEmpty();
        if (expected.verdict() == Verdict.NONE) {
            assertThat(measured.failure()).as(place.name()).isEmpty();
        } else {
            assertThat(row.failures()).as(place.name()).contains(measured.failure());
        }
    }
}
