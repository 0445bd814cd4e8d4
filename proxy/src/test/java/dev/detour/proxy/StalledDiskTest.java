package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that stalls: reading is a system call that does not return, as that of a pipe into which nobody writes. */
class StalledDiskTest {
    /** More than there are threads that read. */
    private static final int STUCK = 12;

    /** Far less than a client waits for the disk. */
    private static final Duration PROMPT = Duration.ofSeconds(2);

    private final FakeBackend backend = FakeBackend.clear();
    private final List<RawClient> stuck = new ArrayList<>();

    @TempDir
    Path directory = Path.of(".");

    private Path pipe = Path.of(".");

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private RunningProxy proxy;

    @BeforeEach
    void makePipe() throws Exception {
        pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
    }

    @AfterEach
    void stop() throws IOException {
        // reading and writing, so that it opens at once and lets all readers go
        try (RandomAccessFile released = new RandomAccessFile(pipe.toFile(), "rw")) {
            Files.delete(pipe);
            for (RawClient client : stuck) {
                client.close();
            }
            proxy.close();
            assertThat(released).isNotNull();
        }
        backend.close();
    }

    private MirrorAnswer readingThePipe(MirrorRequest request) {
        try {
            return StubMirror.found(request, Files.readString(pipe));
        } catch (IOException e) {
            return new MirrorAnswer.Unavailable(e.toString());
        }
    }

    /** One loop for all: whoever blocks it blocks everybody. */
    private void start(StubMirror mirror) throws IOException {
        proxy = RunningProxy.with().endpoints(backend).mirror(mirror).start();
    }

    private void askForWhatIsStuck(String path) throws IOException {
        for (int i = 0; i < STUCK; i++) {
            stuck.add(proxy.client().get(path + i + "/"));
        }
    }

    private RawResponse promptly(String path) throws IOException {
        long begun = System.nanoTime();
        RawResponse response = proxy.get(path);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).as(path).isLessThan(PROMPT);
        return response;
    }

    @Test
    void whatTheMirrorHasInMemoryIsServedWhileTheDiskStalls() throws IOException {
        backend.refuse();
        start(StubMirror.of(this::readingThePipe)
                .remembering(request -> request.resource().equals(new MirrorResource.SimpleProject("known"))
                        ? StubMirror.found(request, "from memory")
                        : null));
        askForWhatIsStuck("/simple/unknown");

        for (int i = 0; i < 20; i++) {
            assertThat(promptly("/simple/known/").text()).isEqualTo("from memory");
        }
    }

    @Test
    void theBackendsAnswersArePassedOnWhileTheDiskStalls() throws IOException {
        start(StubMirror.of(this::readingThePipe));
        backend.refuse();
        askForWhatIsStuck("/simple/unknown");
        backend.listenAgain();
        backend.answer(Answer.ok("from the backend"));

        assertThat(promptly("/other").text()).isEqualTo("from the backend");
    }

    @Test
    void whoWaitsForAPageIsTold() throws IOException {
        backend.refuse();
        start(StubMirror.of(this::readingThePipe));
        askForWhatIsStuck("/simple/unknown");

        for (RawClient client : stuck) {
            assertThat(client.read().status()).isEqualTo(503);
        }
    }

    @Test
    void whoWaitsForAFileIsTold() throws IOException {
        backend.refuse();
        start(StubMirror.of(request -> StubMirror.part(200, pipe, 0, 1_000)));
        askForWhatIsStuck("/packages/unknown");

        for (RawClient client : stuck) {
            RawResponse response = client.read();

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("detour-source")).isEqualTo("refusal");
        }
    }
}
