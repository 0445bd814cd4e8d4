package dev.detour.app.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.app.demo.DemoFault;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real poetry notices nothing of an outage: same versions, same files, no warning. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class PoetryTest {
    @TempDir
    static Path shared;

    private static Poetry poetry;
    private static Outcome healthy;

    @BeforeAll
    static void lockAgainstHealthyIndex() throws Exception {
        poetry = Poetry.locking("poetry locks through an outage");
        healthy = poetry.against(shared, session -> {});
    }

    @Test
    void healthyIndexAnswersAndItsMetadataDecides() {
        healthy.assertUneventful();
        healthy.assertAnsweredBy("backend");
        assertThat(healthy.picked()).containsExactly("demoapp-1.1.0", "demolib-1.1.0");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void faultFromTheFirstRequestOnChangesNothingForTheUser(DemoFault fault, @TempDir Path directory) throws Exception {

        Outcome outcome = poetry.against(directory, session -> session.set(fault));

        outcome.assertUneventful();
        outcome.assertAnsweredBy("mirror");
        outcome.assertSameAs(healthy);
    }

    @Test
    void installsThroughAnOutageWhatItLocked(@TempDir Path directory) throws Exception {
        Poetry adding = Poetry.adding("poetry installs through an outage");

        Outcome outcome = adding.against(directory, session -> session.set(DemoFault.TLS_EXPIRED));

        outcome.assertUneventful();
        outcome.assertAnsweredBy("mirror");
        assertThat(outcome.picked())
                .containsExactly(
                        "demoapp-1.1.0", "demolib-1.1.0", "installed demoapp-1.1.0", "installed demolib-1.1.0");
    }

    /**
     * The control of the test above. This poetry reads Requires-Python out of the wheel and ignores the page's, so it is
     * the yanked release that tells it a poor mirror from a good one; pip's control has the other field.
     */
    @Test
    void mirrorWithoutYanksIsFoundOut(@TempDir Path directory) throws Exception {

        Outcome outcome = poetry.against(directory, session -> {
            OldMirror.forgetYanks(session.tree(), "demolib");
            session.set(DemoFault.REFUSE);
        });

        outcome.assertAnsweredBy("mirror");
        assertThatThrownBy(() -> outcome.assertSameAs(healthy))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("demolib-1.2.0");
    }
}
