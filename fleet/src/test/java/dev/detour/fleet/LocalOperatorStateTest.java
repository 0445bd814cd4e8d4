package dev.detour.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.config.mode.Modes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalOperatorStateTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path temporary = Path.of("set by JUnit");

    private final SettableClock clock = new SettableClock(START);
    private final ManualScheduler scheduler = new ManualScheduler();
    private Path directory = temporary;

    @BeforeEach
    void useADirectoryThatIsNotThereYet() {
        directory = temporary.resolve("var/lib/detour");
    }

    @Test
    void nothingIsInForceAtTheFirstStart() throws Exception {
        LocalOperatorState state = open();

        assertThat(state.modes()).isEqualTo(Modes.NONE);
    }

    @Test
    void everyPartOfARuleSurvivesARestart() throws Exception {
        ModeRule everywhere = new ModeRule(
                Mode.READ_ONLY,
                null,
                null,
                "Wartung bis zwölf",
                START.plusSeconds(60),
                "move \"db\"\n to new disks",
                START);
        ModeRule oneBackend = rule(Mode.DIVERT, "warehouse", null);
        ModeRule oneRoute = rule(Mode.OFFLINE, null, "docs");
        try (LocalOperatorState before = open()) {
            before.set(everywhere);
            before.set(oneBackend);
            before.set(oneRoute);
        }

        LocalOperatorState after = open();

        assertThat(after.modes().rules()).containsExactly(everywhere, oneBackend, oneRoute);
    }

    @Test
    void aRuleThatEndedWhileTheProcessWasDownIsNotInForce() throws Exception {
        try (LocalOperatorState before = open()) {
            before.set(rule(Mode.OFFLINE, null, null, START.plusSeconds(10)));
        }
        clock.advance(Duration.ofSeconds(10));

        LocalOperatorState after = open();

        assertThat(after.modes()).isEqualTo(Modes.NONE);
    }

    @Test
    void aRuleEndsByItselfAndListenersAreTold() throws Exception {
        LocalOperatorState state = open();
        List<Modes> told = new ArrayList<>();
        ModeRule ending = rule(Mode.READ_ONLY, null, null, START.plusSeconds(10));
        state.set(ending);
        state.onChange(told::add);

        clock.advance(Duration.ofSeconds(10));
        scheduler.runWaiting();

        assertThat(told).containsExactly(new Modes(List.of(ending)), Modes.NONE);
        assertThat(state.modes()).isEqualTo(Modes.NONE);
    }

    @Test
    void anEndThatWasNotInForceYetIsLoadedAndScheduledAfterARestart() throws Exception {
        try (LocalOperatorState before = open()) {
            before.set(rule(Mode.READ_ONLY, null, null, START.plusSeconds(10)));
        }
        LocalOperatorState after = open();

        clock.advance(Duration.ofSeconds(10));
        scheduler.runWaiting();

        assertThat(after.modes()).isEqualTo(Modes.NONE);
    }

    @Test
    void aTimerThatIsEarlyEndsNothingAndIsSetAgain() throws Exception {
        LocalOperatorState state = open();
        state.set(rule(Mode.READ_ONLY, null, null, START.plusSeconds(10)));

        clock.advance(Duration.ofSeconds(9));
        scheduler.runWaiting();

        assertThat(state.modes().rules()).hasSize(1);
        assertThat(scheduler.delays()).containsExactly(Duration.ofMillis(1001));
    }

    @Test
    void theClockIsLookedAtEveryMinuteForAnEndFarAway() throws Exception {
        LocalOperatorState state = open();

        state.set(rule(Mode.READ_ONLY, null, null, START.plus(Duration.ofHours(5))));

        assertThat(scheduler.delays()).containsExactly(Duration.ofMillis(60_001));
    }

    @Test
    void onlyTheNewestTimerWaits() throws Exception {
        LocalOperatorState state = open();
        state.set(rule(Mode.READ_ONLY, null, null, START.plusSeconds(10)));

        state.set(rule(Mode.READ_ONLY, null, null, START.plusSeconds(20)));

        assertThat(scheduler.delays()).containsExactly(Duration.ofMillis(20_001));
    }

    @Test
    void aRuleThatHasEndedIsRemovedFromTheFile() throws Exception {
        LocalOperatorState state = open();
        state.set(rule(Mode.READ_ONLY, null, null, START.plusSeconds(10)));

        clock.advance(Duration.ofSeconds(10));
        scheduler.runWaiting();

        assertThat(directory.resolve("mode.json")).content().doesNotContain("read-only");
    }

    @Test
    void aRuleEndsEvenIfTheFileCannotBeWritten() throws Exception {
        LocalOperatorState state = open();
        state.set(rule(Mode.READ_ONLY, null, null, START.plusSeconds(10)));
        removeDirectory();

        clock.advance(Duration.ofSeconds(10));
        scheduler.runWaiting();

        assertThat(state.modes()).isEqualTo(Modes.NONE);
    }

    @Test
    void aChangeThatCannotBeWrittenLeavesTheOldModeInForceAndNamesTheFile() throws Exception {
        LocalOperatorState state = open();
        ModeRule old = rule(Mode.READ_ONLY, null, null);
        state.set(old);
        List<Modes> told = new ArrayList<>();
        state.onChange(told::add);
        removeDirectory();

        assertThatThrownBy(() -> state.set(rule(Mode.OFFLINE, null, null)))
                .isInstanceOf(StateException.class)
                .hasMessage("cannot write " + directory.resolve("mode.json") + ": no such file or directory");

        assertThat(state.modes().rules()).containsExactly(old);
        assertThat(told).hasSize(1);
    }

    @Test
    void theRuleIsOnDiskWhenListenersHearOfIt() throws Exception {
        LocalOperatorState state = open();
        List<String> onDisk = new ArrayList<>();
        state.onChange(modes -> onDisk.add(contentOrNothing(directory.resolve("mode.json"))));

        state.set(rule(Mode.OFFLINE, null, null));

        assertThat(onDisk).hasSize(2);
        assertThat(onDisk.get(1)).contains("offline");
    }

    @Test
    void aListenerThatFailsKeepsTheChangeFromNobody() throws Exception {
        LocalOperatorState state = open();
        List<Modes> told = new ArrayList<>();
        state.onChange(modes -> {
            throw new IllegalStateException("a broken listener");
        });
        state.onChange(told::add);

        state.set(rule(Mode.OFFLINE, null, null));

        assertThat(told).hasSize(2).last().isEqualTo(state.modes());
    }

    @Test
    void aListenerMayNotChangeTheMode() throws Exception {
        LocalOperatorState state = open();
        List<Throwable> thrown = new ArrayList<>();

        state.onChange(modes -> {
            try {
                state.set(rule(Mode.OFFLINE, null, null));
            } catch (IOException | IllegalStateException e) {
                thrown.add(e);
            }
        });

        assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(state.modes()).isEqualTo(Modes.NONE);
    }

    @Test
    void normalForABackendWithNothingWiderRemovesItsRule() throws Exception {
        LocalOperatorState state = open();
        state.set(rule(Mode.DIVERT, "warehouse", null));

        state.set(rule(Mode.NORMAL, "warehouse", null));

        assertThat(state.modes()).isEqualTo(Modes.NONE);
    }

    @Test
    void normalForABackendUnderAWiderModeIsKeptAsAnExemption() throws Exception {
        LocalOperatorState state = open();
        state.set(rule(Mode.OFFLINE, null, null));

        state.set(rule(Mode.NORMAL, "warehouse", null));

        ModeRule inForce = Objects.requireNonNull(state.modes().ruleFor("simple", "warehouse"));
        assertThat(inForce.mode()).isEqualTo(Mode.NORMAL);
    }

    @Test
    void normalForARouteIsKeptWhileAnyBackendHasAMode() throws Exception {
        LocalOperatorState state = open();
        state.set(rule(Mode.DIVERT, "warehouse", null));

        state.set(rule(Mode.NORMAL, null, "docs"));

        assertThat(state.modes().rules()).hasSize(2);
    }

    @Test
    void anExemptionGoesWithTheModeItExemptsFrom() throws Exception {
        LocalOperatorState state = open();
        state.set(rule(Mode.OFFLINE, null, null, START.plusSeconds(10)));
        state.set(rule(Mode.NORMAL, "warehouse", null));

        clock.advance(Duration.ofSeconds(10));
        scheduler.runWaiting();

        assertThat(state.modes()).isEqualTo(Modes.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"version\": 1, \"rules\": [",
                "{\"version\": 1}",
                "{\"version\": 2, \"rules\": []}",
                "{\"version\": 1, \"rules\": [null]}",
                "{\"version\": 1, \"rules\": [], \"more\": 1}",
                "{\"version\": 1, \"rules\": [{\"mode\": \"sideways\", \"since\": \"2026-03-01T12:00:00Z\"}]}",
                "{\"version\": 1, \"rules\": [{\"mode\": \"offline\"}]}",
                "{\"version\": 1, \"rules\": [{\"mode\": \"offline\", \"since\": \"noon\"}]}"
            })
    void aDamagedFileIsKeptAsideAndEverythingStartsNormal(String content) throws Exception {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("mode.json"), content);

        LocalOperatorState state = open();

        assertThat(state.modes()).isEqualTo(Modes.NONE);
        Path aside = directory.resolve("mode.json.corrupt-2026-03-01T120000Z");
        assertThat(state.setAside()).containsExactly(aside);
        assertThat(aside).hasContent(content);
        assertThat(directory.resolve("mode.json")).doesNotExist();
    }

    @Test
    void aFileThatCannotBeReadRefusesToStart() throws Exception {
        Files.createDirectories(directory.resolve("mode.json"));

        assertThatThrownBy(this::open)
                .isInstanceOf(StateException.class)
                .hasMessageStartingWith("cannot read " + directory.resolve("mode.json") + ": ");
    }

    @Test
    void aDirectoryThatCannotBeCreatedRefusesToStart() throws Exception {
        Path file = Files.writeString(temporary.resolve("var"), "a file where a directory should be");

        assertThatThrownBy(this::open)
                .isInstanceOf(StateException.class)
                .hasMessageStartingWith("cannot create the state directory " + directory + ": ");

        assertThat(file).isRegularFile();
    }

    @Test
    void theDirectoryMayBeASymbolicLink() throws Exception {
        Path target = Files.createDirectory(temporary.resolve("elsewhere"));
        directory = Files.createSymbolicLink(temporary.resolve("link"), target);
        LocalOperatorState state = open();

        state.set(rule(Mode.OFFLINE, null, null));

        assertThat(target.resolve("mode.json")).isRegularFile();
    }

    @Test
    void everyChangeIsOneLineOfTheAuditLog() throws Exception {
        LocalOperatorState state = open();
        state.set(new ModeRule(Mode.READ_ONLY, null, null, null, START.plusSeconds(10), "two\nlines", START));
        clock.advance(Duration.ofSeconds(10));

        scheduler.runWaiting();

        assertThat(Files.readAllLines(directory.resolve("audit.log")))
                .containsExactly(
                        "{\"at\":\"2026-03-01T12:00:00Z\",\"event\":\"mode-set\",\"mode\":\"read-only\",\"backend\":null,"
                                + "\"route\":null,\"until\":\"2026-03-01T12:00:10Z\",\"message\":null,"
                                + "\"reason\":\"two\\nlines\"}",
                        "{\"at\":\"2026-03-01T12:00:10Z\",\"event\":\"mode-ended\",\"mode\":\"read-only\",\"backend\":null,"
                                + "\"route\":null,\"until\":\"2026-03-01T12:00:10Z\",\"message\":null,"
                                + "\"reason\":\"two\\nlines\"}");
    }

    @Test
    void nothingButTheTwoFilesIsLeftInTheDirectory() throws Exception {
        LocalOperatorState state = open();

        state.set(rule(Mode.OFFLINE, null, null));

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("mode.json", "audit.log");
        }
    }

    @Test
    void aClosedStateEndsNoRuleAndRefusesChanges() throws Exception {
        LocalOperatorState state = open();
        ModeRule ending = rule(Mode.READ_ONLY, null, null, START.plusSeconds(10));
        state.set(ending);

        state.close();
        clock.advance(Duration.ofSeconds(10));
        scheduler.runWaiting();

        assertThat(state.modes().rules()).containsExactly(ending);
        assertThatThrownBy(() -> state.set(rule(Mode.OFFLINE, null, null)))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aChangeHoldsEvenIfTheSchedulerIsGone() throws Exception {
        LocalOperatorState state = open();
        scheduler.shutdown();

        state.set(rule(Mode.READ_ONLY, null, null, START.plusSeconds(10)));

        assertThat(state.modes().rules()).hasSize(1);
    }

    private LocalOperatorState open() throws StateException {
        return LocalOperatorState.open(directory, clock, scheduler);
    }

    private void removeDirectory() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static String contentOrNothing(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private static ModeRule rule(Mode mode, @Nullable String backend, @Nullable String route) {
        return rule(mode, backend, route, null);
    }

    private static ModeRule rule(Mode mode, @Nullable String backend, @Nullable String route, @Nullable Instant until) {
        return new ModeRule(mode, backend, route, null, until, null, START);
    }
}
