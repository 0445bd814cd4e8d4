package dev.detour.mirror.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Captures come in any order, from replicas that lag and caches that are old: what is kept never goes back. */
class SerialOrderProperties {
    private static final Path DIRECTORY = temporary();

    @SuppressWarnings("NullAway.Init")
    private static MirrorStore store;

    private static int run;

    /** A page of the project with this serial; {@code variant} is what else is in it. */
    record Version(long serial, int variant) {}

    private static Path temporary() {
        try {
            return Files.createTempDirectory("serial-order");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeContainer
    static void open() throws StoreException {
        store = MirrorStore.open(DIRECTORY, StoreSettings.defaults(), Clock.systemUTC());
    }

    @AfterContainer
    static void close() throws IOException {
        store.close();
        try (Stream<Path> files = Files.walk(DIRECTORY)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Provide
    Arbitrary<List<List<Version>>> batches() {
        Arbitrary<Version> version = Combinators.combine(
                        Arbitraries.longs().between(1, 6),
                        Arbitraries.integers().between(8, 10))
                .as(Version::new);
        return version.list().ofMinSize(1).ofMaxSize(4).list().ofMinSize(1).ofMaxSize(6);
    }

    @Property(tries = 150)
    void theSerialKeptNeverGoesDownAndEndsAtTheHighest(@ForAll("batches") List<List<Version>> batches)
            throws StoreException {
        String project = "project-" + ++run;
        CaptureWriter writer = new CaptureWriter(store, (name, page) -> List.of(), CaptureObserver.NONE, 1 << 20);
        long highest = 0;
        byte[] expected = {};

        for (List<Version> batch : batches) {
            List<CapturedAnswer> answers = new ArrayList<>();
            for (Version version : batch) {
                byte[] page = Passing.page(project, version.serial(), ">=3." + version.variant(), "1.0");
                answers.add(Passing.simple(project, page));
                if (version.serial() >= highest) {
                    highest = version.serial();
                    expected = page;
                }
            }
            writer.write(answers);

            ProjectState state = store.live().state(project);
            assertThat(state).isNotNull();
            assertThat(state == null ? 0 : state.serial().orElse(0)).isEqualTo(highest);
            assertThat(store.live().page(project)).isEqualTo(expected);
        }
    }
}
