package dev.detour.mirror.tombstone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway.Init")
class TombstonesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456789Z");

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(NOW);
    private Path state;
    private Tombstones tombstones;

    @BeforeEach
    void open() throws IOException {
        state = folder.resolve("not/yet/there");
        tombstones = Tombstones.open(state, clock);
    }

    private void add(String target) throws IOException {
        tombstones.add(Target.parse(target), "malware", "ann");
    }

    @Test
    void atFirstThereAreNone() {
        assertThat(tombstones.inForce().isEmpty()).isTrue();
        assertThat(tombstones.inForce().version()).isZero();
        assertThat(state).doesNotExist();
    }

    @Test
    void oneIsInForceAtOnce() throws Exception {
        Tombstones.Added added = tombstones.add(Target.parse("Demo==1.0"), "malware", "ann");

        Tombstone expected = new Tombstone(Target.parse("demo==1.0"), "malware", "ann", NOW);
        assertThat(added).isEqualTo(new Tombstones.Added(expected, true));
        assertThat(tombstones.inForce().tombstones()).containsExactly(expected);
        assertThat(tombstones.inForce().release("demo", "1")).isEqualTo(expected);
    }

    @Test
    void allSurviveARestartInTheirOrder() throws Exception {
        add("demo");
        tombstones.add(Target.parse("other-1.0.tar.gz"), "\u00e9 \"quoted\" <reason>", null);
        add("demo==1.0");

        Tombstones again = Tombstones.open(state, clock);

        assertThat(again.inForce().tombstones())
                .hasSize(3)
                .isEqualTo(tombstones.inForce().tombstones());
        assertThat(again.inForce().version()).isEqualTo(tombstones.inForce().version());
    }

    @Test
    void operatorsAtTheSameTimeLoseNothingOfEachOther() throws Exception {
        ExecutorService operators = Executors.newFixedThreadPool(8);
        List<Callable<Boolean>> wishes = IntStream.range(0, 40)
                .<Callable<Boolean>>mapToObj(i -> () -> tombstones
                        .add(Target.parse("demo==" + i / 2), "malware", "ann")
                        .added())
                .toList();

        long added = 0;
        try {
            for (Future<Boolean> wish : operators.invokeAll(wishes)) {
                added += wish.get() ? 1 : 0;
            }
        } finally {
            operators.shutdownNow();
        }

        assertThat(added).isEqualTo(20);
        assertThat(Tombstones.open(state, clock).inForce().tombstones())
                .hasSize(20)
                .isEqualTo(tombstones.inForce().tombstones());
    }

    @Test
    void onlyTheOwnerMayReadTheFile() throws Exception {
        add("demo");
        add("other");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("tombstones.json"))))
                .isEqualTo("rw-------");
        try (var files = Files.list(state)) {
            assertThat(files).containsExactly(state.resolve("tombstones.json"));
        }
    }

    @Test
    void whatACrashLeftBehindIsInNobodysWay() throws Exception {
        Files.createDirectories(state);
        Files.writeString(state.resolve("tombstones.json.tmp"), "{\"half");

        add("demo");

        assertThat(Tombstones.open(state, clock).inForce().tombstones()).hasSize(1);
        assertThat(state.resolve("tombstones.json.tmp")).doesNotExist();
    }

    @Test
    void oneThatIsThereAlreadyKeepsItsReasonAndTime() throws Exception {
        add("demo==1.0");
        Withdrawn before = tombstones.inForce();
        clock.move(Duration.ofHours(1));

        Tombstones.Added again = tombstones.add(Target.parse("DEMO==1.0.0"), "another reason", "bob");

        assertThat(again.added()).isFalse();
        assertThat(again.tombstone().reason()).isEqualTo("malware");
        assertThat(tombstones.inForce()).isSameAs(before);
    }

    @Test
    void oneThatIsRemovedIsServedAgainAlsoAfterARestart() throws Exception {
        add("demo");
        add("other");

        Tombstone removed = tombstones.remove(Target.parse("Demo"));

        assertThat(Objects.requireNonNull(removed).reason()).isEqualTo("malware");
        assertThat(tombstones.inForce().project("demo")).isNull();
        assertThat(Tombstones.open(state, clock).inForce().project("demo")).isNull();
        assertThat(Tombstones.open(state, clock).inForce().project("other")).isNotNull();
    }

    @Test
    void removingOneThatIsNotThereChangesNothing() throws Exception {
        add("demo==1.0");
        Withdrawn before = tombstones.inForce();

        assertThat(tombstones.remove(Target.parse("demo"))).isNull();

        assertThat(tombstones.inForce()).isSameAs(before);
    }

    @ParameterizedTest
    @CsvSource({
        "demo, demo==1.0 demo-1.0.tar.gz",
        "demo==2.0, demo==1.0 demo-1.0.tar.gz",
        "reqeusts, requests",
        "completely-else, ''"
    })
    void whatSomebodyMayHaveMeantIsFound(String asked, String near) throws Exception {
        add("requests");
        add("demo==1.0");
        add("demo-1.0.tar.gz");

        assertThat(String.join(" ", tombstones.near(Target.parse(asked)))).isEqualTo(near);
    }

    @Test
    void everySetHasANumberOfItsOwnAlsoWhenTheClockIsSetBack() throws Exception {
        add("a");
        long first = tombstones.inForce().version();
        add("b");
        long second = tombstones.inForce().version();
        clock.move(Duration.ofHours(-1));
        tombstones = Tombstones.open(state, clock);
        tombstones.remove(Target.parse("b"));
        long third = tombstones.inForce().version();

        assertThat(first).isLessThan(second);
        assertThat(second).isLessThan(third);
        assertThat(Tombstones.open(state, clock).inForce().version()).isEqualTo(third);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                                        | end-of-input
            {"version":1,"changed":"2026-03-01T12:00:00Z","tombst                     |
            []                                                                        |
            null                                                                      | null (expected: an object)
            {"version":2,"changed":"2026-03-01T12:00:00Z","tombstones":[]}            | version: 2 (expected: 1)
            {"version":1,"tombstones":[]}                                             | changed: missing
            {"version":1,"changed":"2026-03-01T12:00:00Z"}                            | tombstones: missing
            {"version":1,"changed":"2026-03-01T12:00:00Z","tombstones":[null]}        | null entry
            {"version":1,"changed":"2026-03-01T12:00:00Z","tombstones":[],"more":1}   | more
            {"version":1,"changed":"2026-03-01T12:00:00Z","tombstones":[]} {}         |
            {"version":1,"changed":"2026-03-01T12:00:00Z","tombstones":[{"reason":"r","since":"2026-03-01T12:00:00Z"}]} | target: missing
            {"version":1,"changed":"2026-03-01T12:00:00Z","tombstones":[{"target":"a","since":"2026-03-01T12:00:00Z"}]} | reason of a: missing
            {"version":1,"changed":"2026-03-01T12:00:00Z","tombstones":[{"target":"a","reason":"r"}]} | since of a: missing
            {"version":1,"changed":"2026-03-01T12:00:00Z","tombstones":[{"target":"a b","reason":"r","since":"2026-03-01T12:00:00Z"}]} | target: a b (expected: NAME
            {"version":1,"changed":"2026-03-01T12:00:00Z","tombstones":[{"target":"a","reason":"r","since":"2026-03-01T12:00:00Z"},{"target":"A","reason":"r","since":"2026-03-01T12:00:00Z"}]} | target: a twice
            """)
    void aDamagedFileIsRefusedAndStaysAsItIs(String content, String problem) throws Exception {
        Path file = Files.writeString(Files.createDirectories(state).resolve("tombstones.json"), content);

        assertThatThrownBy(() -> Tombstones.open(state, clock))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + " is damaged: ")
                .hasMessageContaining(problem == null ? "" : problem)
                .hasMessageContaining("mend it, or move it away")
                .message()
                .hasLineCount(1);
        assertThat(file).hasContent(content);
    }

    @Test
    void aFileThatCannotBeReadIsRefused() throws Exception {
        Files.createDirectories(state.resolve("tombstones.json"));

        assertThatThrownBy(() -> Tombstones.open(state, clock))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot read " + state.resolve("tombstones.json"));
    }

    @Test
    void whatCannotBeMadeDurableIsNotInForce() throws Exception {
        Files.createDirectories(state.getParent());
        Files.writeString(state, "a file in the way");

        assertThatThrownBy(() -> add("demo"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot write " + state.resolve("tombstones.json"));
        assertThat(tombstones.inForce().isEmpty()).isTrue();
    }
}
