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

/** The real pip notices nothing of an outage: same versions, same files, no warning. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class PipInstallTest {
    @TempDir
    static Path shared;

    private static Pip pip;
    private static Outcome healthy;

    @BeforeAll
    static void installFromHealthyIndex() throws Exception {
        pip = new Pip("pip installs through an outage");
        healthy = pip.against(shared, session -> {});
    }

    @Test
    void healthyIndexAnswersAndItsMetadataDecides() {
        healthy.assertUneventful();
        healthy.assertAnsweredBy("backend");
        assertThat(healthy.picked()).containsExactly("demoapp-1.1.0", "demolib-1.1.0");
        assertThat(healthy.run().output()).contains("Successfully installed demoapp-1.1.0 demolib-1.1.0");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void faultFromTheFirstRequestOnChangesNothingForTheUser(DemoFault fault, @TempDir Path directory) throws Exception {

        Outcome outcome = pip.against(directory, session -> session.set(fault));

        outcome.assertUneventful();
        outcome.assertAnsweredBy("mirror");
        outcome.assertSameAs(healthy);
    }

    /** The control of the test above: a mirror of the kind that was switched off in 2023 must not pass it. */
    @Test
    void mirrorWithoutRequiresPythonIsFoundOut(@TempDir Path directory) throws Exception {

        Outcome outcome = pip.against(directory, session -> {
            OldMirror.forgetRequiresPython(session.tree(), "demolib");
            session.set(DemoFault.REFUSE);
        });

        outcome.assertAnsweredBy("mirror");
        assertThatThrownBy(() -> outcome.assertSameAs(healthy))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("demolib-2.0.0-py3-none-any.whl");
    }
}
