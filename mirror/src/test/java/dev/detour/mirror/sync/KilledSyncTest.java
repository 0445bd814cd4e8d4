package dev.detour.mirror.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.Generations;
import dev.detour.mirror.store.Manifest;
import dev.detour.mirror.store.StoreSettings;
import dev.detour.mirror.store.StoreView;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sync that is killed (SIGKILL) at whatever moment: what is served is whole, and in the end all is as if nothing had been. */
@Timeout(300)
class KilledSyncTest {
    private static final int PROJECTS = 400;
    private static final int KILLS = Integer.getInteger("detour.kills", 15);
    private static final int LONGEST_MILLIS = 900;

    @TempDir
    private Path directory = Path.of("");

    private FakeIndex index;

    @BeforeEach
    void open() throws IOException {
        index = new FakeIndex();
        for (int i = 0; i < PROJECTS; i++) {
            index.put("project-" + i, "1.0");
        }
    }

    @AfterEach
    void close() {
        index.close();
    }

    private Process start(Path store) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                SyncProcess.class.getName(),
                store.toString(),
                index.base().toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(new File(directory.toString()))
                .start();
    }

    /** Its last words, once it is over. */
    private String run(Path store) throws IOException, InterruptedException {
        Process process = start(store);
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private void runAndKill(Path store, long millis) throws IOException, InterruptedException {
        Process process = start(store);
        try (BufferedReader said = process.inputReader()) {
            // the moment counts from when there is something to break
            String line = said.readLine();
            while (line != null && !line.equals("begun")) {
                line = said.readLine();
            }
            assertThat(line).isEqualTo("begun");
            var unused = process.waitFor(millis, TimeUnit.MILLISECONDS);
            process.destroyForcibly();
            process.waitFor();
        }
    }

    /** The manifest of what is served, after every row of it has been looked at; null if nothing is served yet. */
    private static @Nullable Manifest assertWhole(Path store) throws IOException {
        if (!Files.exists(store.resolve("current.json"))) {
            return null;
        }
        try (Generations generations = Generations.open(store, StoreSettings.defaults());
                Generation.Lease lease = Objects.requireNonNull(generations.current(), generations.problem())) {
            StoreView view = lease.generation().view();
            List<String> torn = new ArrayList<>();
            view.forEachListed(entry -> {
                try {
                    var state = view.state(entry.project());
                    byte[] page = view.page(entry.project());
                    if (state == null || page == null || view.document(entry.project()) == null) {
                        torn.add(entry.project() + " is listed without its page or document");
                    } else if (!state.serial().equals(entry.serial())) {
                        torn.add(entry.project() + " is listed with " + entry.serial() + ", its page has "
                                + state.serial());
                    }
                } catch (IOException e) {
                    torn.add(e.toString());
                }
            });
            assertThat(torn).isEmpty();
            return lease.generation().manifest();
        }
    }

    private long generationAfter(Path store) throws Exception {
        run(store);
        return Objects.requireNonNull(assertWhole(store)).number();
    }

    @Test
    void everyRestartServesAWholeStateAndTheEndIsThatOfAnUndisturbedSync() throws Exception {
        Path store = directory.resolve("killed");
        Random random = new Random(20210405);
        long first = generationAfter(store);
        for (int kill = 0; kill < KILLS; kill++) {
            for (int change = 0; change < 40; change++) {
                index.put("project-" + random.nextInt(PROJECTS), "1.0", "2." + kill);
            }
            if (kill % 5 == 4) {
                // on a slow machine none might come to its end
                run(store);
            } else {
                runAndKill(store, random.nextInt(LONGEST_MILLIS));
            }
            assertWhole(store);
        }

        assertThat(Objects.requireNonNull(assertWhole(store)).number())
                .as("there were seals between the kills")
                .isGreaterThan(first);
        assertThat(run(store)).contains(", confirmed");
        run(directory.resolve("undisturbed"));

        Manifest killed = Objects.requireNonNull(assertWhole(store));
        Manifest undisturbed = Objects.requireNonNull(assertWhole(directory.resolve("undisturbed")));
        assertThat(killed.rootHash()).isEqualTo(undisturbed.rootHash());
        assertThat(killed.listHash()).isEqualTo(undisturbed.listHash());
        assertThat(killed.listed()).isEqualTo(PROJECTS);
    }
}
