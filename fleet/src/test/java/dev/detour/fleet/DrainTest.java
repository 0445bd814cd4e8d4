package dev.detour.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.detour.config.mode.Drain;
import dev.detour.config.mode.Drains;
import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drained endpoints as they are kept by a single instance. */
class DrainTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final String ONE = "10.0.0.11:8443";
    private static final String TWO = "10.0.0.12:8443";

    @TempDir
    Path directory = Path.of("set by JUnit");

    private final SettableClock clock = new SettableClock(START);
    private final ManualScheduler scheduler = new ManualScheduler();

    @Test
    void nothingIsDrainedAtTheFirstStart() throws Exception {
        assertThat(open().drains()).isEqualTo(Drains.NONE);
    }

    @Test
    void everyPartOfADrainSurvivesARestart() throws Exception {
        try (LocalOperatorState before = open()) {
            before.drain("warehouse", ONE, true, "Platte \"3\"\n tauschen", null);
            clock.advance(Duration.ofSeconds(5));
            before.drain("files", TWO, true, null, null);
        }

        LocalOperatorState after = open();

        assertThat(after.drains())
                .isEqualTo(new Drains(
                        2,
                        List.of(
                                new Drain("warehouse", ONE, START, "Platte \"3\"\n tauschen"),
                                new Drain("files", TWO, START.plusSeconds(5), null))));
    }

    @Test
    void theVersionGrowsOnAcrossARestartEvenIfNothingIsDrained() throws Exception {
        try (LocalOperatorState before = open()) {
            before.drain("warehouse", ONE, true, null, null);
            before.drain("warehouse", ONE, false, null, null);
        }

        assertThat(open().drains()).isEqualTo(new Drains(2, List.of()));
    }

    @Test
    void aDrainOfOneBackendSaysNothingAboutTheSameEndpointOfAnother() throws Exception {
        LocalOperatorState state = open();

        Drains drains = state.drain("warehouse", ONE, true, null, null);

        assertThat(drains.contains("warehouse", ONE)).isTrue();
        assertThat(drains.contains("files", ONE)).isFalse();
    }

    @Test
    void whatIsDrainedAlreadyKeepsItsReasonAndTheVersion() throws Exception {
        LocalOperatorState state = open();
        Drains first = state.drain("warehouse", ONE, true, "disks", null);
        List<Drains> told = new ArrayList<>();
        state.onDrains(told::add);

        Drains second = state.drain("warehouse", ONE, true, "another reason", null);

        assertThat(second).isEqualTo(first);
        assertThat(told).hasSize(1);
        assertThat(Files.readAllLines(directory.resolve("audit.log"))).hasSize(1);
    }

    @Test
    void endingADrainThatIsNotThereChangesNothing() throws Exception {
        LocalOperatorState state = open();

        assertThat(state.drain("warehouse", ONE, false, null, null)).isEqualTo(Drains.NONE);
        assertThat(directory.resolve("drains.json")).doesNotExist();
    }

    @Test
    void aChangeFromTheVersionInForceIsMade() throws Exception {
        LocalOperatorState state = open();
        long seen = state.drain("warehouse", ONE, true, null, 0L).version();

        Drains drains = state.drain("warehouse", TWO, true, null, seen);

        assertThat(drains.version()).isEqualTo(2);
        assertThat(drains.drains()).hasSize(2);
    }

    @Test
    void aChangeFromAnotherVersionIsRefusedWithTheOneInForce() throws Exception {
        LocalOperatorState state = open();
        Drains inForce = state.drain("warehouse", ONE, true, null, null);

        ConflictException conflict =
                catchThrowableOfType(ConflictException.class, () -> state.drain("warehouse", TWO, true, null, 0L));

        assertThat(conflict.versionInForce()).isEqualTo(1);
        assertThat(conflict)
                .hasMessage(
                        "somebody else changed the drains in between: version 0 was expected, version 1 is in force");
        assertThat(state.drains()).isEqualTo(inForce);
    }

    @Test
    void listenersHearWhatIsInForceAndThenEveryChangeInOrder() throws Exception {
        LocalOperatorState state = open();
        state.drain("warehouse", ONE, true, null, null);
        List<Long> told = new ArrayList<>();
        state.onDrains(drains -> told.add(drains.version()));

        state.drain("warehouse", TWO, true, null, null);
        state.drain("warehouse", ONE, false, null, null);

        assertThat(told).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aDrainLeavesTheModeAloneAndAModeTheDrains() throws Exception {
        LocalOperatorState state = open();
        ModeRule rule = new ModeRule(Mode.READ_ONLY, null, null, null, null, null, START);
        List<Object> modesTold = new ArrayList<>();
        state.onChange(modesTold::add);

        state.drain("warehouse", ONE, true, null, null);
        state.set(rule);

        assertThat(modesTold).hasSize(2);
        assertThat(state.modes().rules()).containsExactly(rule);
        assertThat(state.drains().version()).isEqualTo(1);
    }

    @Test
    void aListenerMayChangeNothing() throws Exception {
        LocalOperatorState state = open();
        List<Throwable> thrown = new ArrayList<>();

        state.onChange(modes -> {
            try {
                state.drain("warehouse", ONE, true, null, null);
            } catch (IOException | ConflictException | IllegalStateException e) {
                thrown.add(e);
            }
        });
        state.onDrains(drains -> {
            try {
                state.set(new ModeRule(Mode.OFFLINE, null, null, null, null, null, START));
            } catch (IOException | IllegalStateException e) {
                thrown.add(e);
            }
        });

        assertThat(thrown).hasSize(2).hasOnlyElementsOfType(IllegalStateException.class);
        assertThat(state.drains()).isEqualTo(Drains.NONE);
    }

    @Test
    void aChangeThatCannotBeWrittenIsNotInForceAndNamesTheFile() throws Exception {
        LocalOperatorState state = open();
        Files.createDirectories(directory.resolve("drains.json.tmp"));

        assertThatThrownBy(() -> state.drain("warehouse", ONE, true, null, null))
                .isInstanceOf(StateException.class)
                .hasMessageStartingWith("cannot write " + directory.resolve("drains.json") + ": ");

        assertThat(state.drains()).isEqualTo(Drains.NONE);
    }

    @Test
    void theDrainIsOnDiskWhenListenersHearOfIt() throws Exception {
        LocalOperatorState state = open();
        List<Boolean> onDisk = new ArrayList<>();
        state.onDrains(drains -> onDisk.add(Files.exists(directory.resolve("drains.json"))));

        state.drain("warehouse", ONE, true, null, null);

        assertThat(onDisk).containsExactly(false, true);
    }

    @Test
    void everyChangeIsOneLineOfTheAuditLog() throws Exception {
        LocalOperatorState state = open();
        state.drain("warehouse", ONE, true, "disks", null);
        clock.advance(Duration.ofSeconds(60));

        state.drain("warehouse", ONE, false, "done", null);

        assertThat(Files.readAllLines(directory.resolve("audit.log")))
                .containsExactly(
                        "{\"at\":\"2026-03-01T12:00:00Z\",\"event\":\"drain-set\",\"backend\":\"warehouse\","
                                + "\"endpoint\":\"10.0.0.11:8443\",\"version\":1,\"reason\":\"disks\"}",
                        "{\"at\":\"2026-03-01T12:01:00Z\",\"event\":\"drain-ended\",\"backend\":\"warehouse\","
                                + "\"endpoint\":\"10.0.0.11:8443\",\"version\":2,\"reason\":\"done\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{\"version\": 1, \"drainsVersion\": 3, \"drains\": [",
                "{\"version\": 2, \"drainsVersion\": 3, \"drains\": []}",
                "{\"version\": 1, \"drains\": []}",
                "{\"version\": 1, \"drainsVersion\": -1, \"drains\": []}",
                "{\"version\": 1, \"drainsVersion\": 3}",
                "{\"version\": 1, \"drainsVersion\": 3, \"drains\": [null]}",
                "{\"version\": 1, \"drainsVersion\": 3, \"drains\": [], \"more\": 1}",
                "{\"version\": 1, \"drainsVersion\": 3, \"drains\": [{\"backend\": \"b\", \"endpoint\": \"a:1\"}]}",
                "{\"version\": 1, \"drainsVersion\": 3, \"drains\":"
                        + " [{\"backend\": \"b\", \"since\": \"2026-03-01T12:00:00Z\"}]}",
                "{\"version\": 1, \"drainsVersion\": 3, \"drains\":"
                        + " [{\"endpoint\": \"a:1\", \"since\": \"2026-03-01T12:00:00Z\"}]}",
                "{\"version\": 1, \"drainsVersion\": 3, \"drains\":"
                        + " [{\"backend\": \"b\", \"endpoint\": \"a:1\", \"since\": \"2026-03-01T12:00:00Z\"},"
                        + " {\"backend\": \"b\", \"endpoint\": \"a:1\", \"since\": \"2026-03-01T12:00:00Z\"}]}"
            })
    void aDamagedFileIsKeptAsideAndNothingIsDrained(String content) throws Exception {
        Files.writeString(directory.resolve("drains.json"), content);

        LocalOperatorState state = open();

        Path aside = directory.resolve("drains.json.corrupt-2026-03-01T120000Z");
        assertThat(state.drains().drains()).isEmpty();
        assertThat(state.setAside()).containsExactly(aside);
        assertThat(aside).hasContent(content);
    }

    @Test
    void aVersionSeenBeforeTheFileWasDamagedIsNeverInForceAgain() throws Exception {
        long seen;
        try (LocalOperatorState before = open()) {
            seen = before.drain("warehouse", ONE, true, null, null).version();
        }
        Files.writeString(directory.resolve("drains.json"), "{");
        open().close();

        LocalOperatorState after = open();

        assertThat(after.drains().version()).isGreaterThan(seen);
        assertThatThrownBy(() -> after.drain("warehouse", ONE, false, null, seen))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void damagedDrainsLeaveTheModeInForce() throws Exception {
        ModeRule rule = new ModeRule(Mode.READ_ONLY, null, null, null, null, null, START);
        try (LocalOperatorState before = open()) {
            before.set(rule);
        }
        Files.writeString(directory.resolve("drains.json"), "{");

        assertThat(open().modes().rules()).containsExactly(rule);
    }

    @Test
    void aClosedStateRefusesToDrain() throws Exception {
        LocalOperatorState state = open();
        state.close();

        assertThatThrownBy(() -> state.drain("warehouse", ONE, true, null, null))
                .isInstanceOf(StateException.class)
                .hasMessage("cannot change the drains: the state is closed");
    }

    private LocalOperatorState open() throws StateException {
        return LocalOperatorState.open(directory, clock, scheduler);
    }
}
