package dev.detour.app.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoFault;
import dev.detour.app.demo.DemoIndex;
import dev.detour.app.support.AccessEntry;
import dev.detour.app.support.ClientProgram;
import dev.detour.app.support.ProgramRun;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the user of twine sees when an upload of 60 MB over TLS is refused. twine shows the reason phrase, and only if the answer
 * arrives; it sends the whole file again when it takes the failure for a passing one.
 */
@Timeout(120)
class TwineUploadTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path shared;

    @SuppressWarnings("NullAway.Init")
    private static ClientProgram program;

    @SuppressWarnings("NullAway.Init")
    private static Path wheel;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @BeforeAll
    static void makeWheel() throws Exception {
        program = ClientProgram.require("twine", "what twine shows of a refused upload")
                // twine breaks its sentences at the width of the terminal
                .withVariable("COLUMNS", "500");
        wheel = LargeWheel.write(shared);
    }

    @Test
    void healthyIndexGetsTheUpload() throws Exception {
        try (DemoIndex index = healthyIndex();
                Front front = Front.of(index.uri().toString(), directory)) {

            ProgramRun twine = upload(front);

            assertThat(twine.exitCode()).as(twine.toString()).isZero();
            assertThat(index.uploads()).isOne();
            assertThat(index.uploadedBytes()).isBetween(Files.size(wheel), Files.size(wheel) + 20_000);
            assertThat(onlyPost(front).source()).isEqualTo("backend");
        }
    }

    @Test
    void readOnlyModeIsToldInOneAttempt() throws Exception {
        try (DemoIndex index = healthyIndex();
                Front front = Front.of(index.uri().toString(), directory)) {
            front.mode("read-only");

            ProgramRun twine = upload(front);

            assertThat(twine.exitCode()).as(twine.toString()).isNotZero();
            assertThat(twine.output())
                    .contains("403 Forbidden", "Read-only mode: Uploads are temporarily disabled.")
                    .contains("See https://status.example.org/");
            assertRefusedOnce(front, "read-only");
            assertThat(index.requests()).isEmpty();
        }
    }

    @Test
    void operatorsOwnWordsAreShown() throws Exception {
        try (DemoIndex index = healthyIndex();
                Front front = Front.of(index.uri().toString(), directory)) {
            front.mode("read-only", "Moving house until 16:00 UTC");

            ProgramRun twine = upload(front);

            assertThat(twine.exitCode()).as(twine.toString()).isNotZero();
            assertThat(twine.output())
                    .contains("Moving house until 16:00 UTC")
                    .doesNotContain("Uploads are temporarily disabled");
            assertRefusedOnce(front, "read-only");
        }
    }

    @Test
    void divertedUploadIsRefusedThoughTheIndexIsHealthy() throws Exception {
        try (DemoIndex index = healthyIndex();
                Front front = Front.of(index.uri().toString(), directory)) {
            front.mode("divert");

            ProgramRun twine = upload(front);

            assertThat(twine.exitCode()).as(twine.toString()).isNotZero();
            assertThat(twine.output())
                    .contains("Index is in failover: uploads are temporarily disabled; nothing was stored.");
            assertRefusedOnce(front, "diverted-write");
            assertThat(index.requests()).isEmpty();
        }
    }

    @Test
    void offlineIndexIsCalledOffline() throws Exception {
        try (DemoIndex index = healthyIndex();
                Front front = Front.of(index.uri().toString(), directory)) {
            front.mode("offline");

            ProgramRun twine = upload(front);

            assertThat(twine.exitCode()).as(twine.toString()).isNotZero();
            assertThat(twine.output())
                    .contains("Index is offline: uploads are temporarily disabled; nothing was stored.");
            assertRefusedOnce(front, "offline");
            assertThat(index.requests()).isEmpty();
        }
    }

    @Test
    void refusedConnectionIsAnOutageInWhichNothingWasStored() throws Exception {
        try (DemoIndex index = healthyIndex();
                Front front = Front.of(index.uri().toString(), directory)) {
            index.setFault(DemoFault.REFUSE);

            ProgramRun twine = upload(front);

            assertThat(twine.exitCode()).as(twine.toString()).isNotZero();
            assertThat(twine.output())
                    .contains("403 Forbidden")
                    .contains("Index is in failover: uploads are temporarily disabled; nothing was stored.");
            assertRefusedOnce(front, "refused");
        }
    }

    @Test
    void openBreakerKeepsTheUploadFromTheBackend() throws Exception {
        try (FakeBackend backend = FakeBackend.clear().answer(Answer.status(500));
                Front front = Front.of(backend.url(), directory)) {
            openBreaker(front);
            backend.forget();

            ProgramRun twine = upload(front);

            assertThat(twine.exitCode()).as(twine.toString()).isNotZero();
            assertThat(twine.output())
                    .contains("Index is in failover: uploads are temporarily disabled; nothing was stored.");
            assertRefusedOnce(front, "breaker_open");
            assertThat(backend.heads()).isEmpty();
        }
    }

    @Test
    void backendThatDiesDuringTheUploadLeavesItsOutcomeOpen() throws Exception {
        Answer dying = Answer.early(wire -> {
            // long enough for every buffer on the way to fill
            wire.pause(Duration.ofMillis(300));
            wire.reset();
        });
        try (FakeBackend backend = FakeBackend.clear().answer(dying);
                Front front = Front.of(backend.url(), directory)) {

            ProgramRun twine = upload(front);

            assertThat(twine.exitCode()).as(twine.toString()).isNotZero();
            assertThat(twine.output())
                    .contains("403 Forbidden")
                    .contains("Index failed during the upload: it may or may not have been stored.")
                    .doesNotContain("nothing was stored");
            assertRefusedOnce(front, "reset");
            assertThat(backend.heads()).hasSize(1);
        }
    }

    private static DemoIndex healthyIndex() {
        return DemoIndex.https(Front.PACKAGES, 0, Clock.systemUTC());
    }

    private static void openBreaker(Front front) throws Exception {
        for (int call = 0; call < 4; call++) {
            try (RawClient client = RawClient.clear(front.clearPort())) {
                client.get("/project/demoapp/").read();
            }
        }
    }

    private ProgramRun upload(Front front) throws Exception {
        return program.run(
                directory,
                LIMIT,
                List.of(
                        "upload",
                        "--non-interactive",
                        "--disable-progress-bar",
                        "--config-file",
                        "/dev/null",
                        "--repository-url",
                        front.tls() + "/legacy/",
                        "--cert",
                        front.authority().toString(),
                        "-u",
                        "somebody",
                        "-p",
                        "secret",
                        wheel.toString()));
    }

    private static void assertRefusedOnce(Front front, String reason) {
        AccessEntry refused = onlyPost(front);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.source()).isEqualTo("refusal");
        assertThat(refused.reason()).isEqualTo(reason);
    }

    private static AccessEntry onlyPost(Front front) {
        List<AccessEntry> posts = front.closeForLog().stream()
                .filter(entry -> entry.method().equals("POST"))
                .toList();
        assertThat(posts).hasSize(1);
        return posts.get(0);
    }
}
