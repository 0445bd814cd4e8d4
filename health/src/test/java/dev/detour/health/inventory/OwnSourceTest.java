package dev.detour.health.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.health.certificate.FoundCertificate;
import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.certificate.SourceProblem.Kind;
import dev.detour.health.source.Look;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnSourceTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.create();
    private static final TestIdentity SERVER = CERTIFICATES.server();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Look look(Path certificate, Path key, Path... authorities) {
        return new OwnSource(List.of(new OwnSource.Identity(certificate, key)), List.of(authorities)).look();
    }

    private static List<Tuple> problems(Look look) {
        return look.problems().stream()
                .map((SourceProblem problem) -> Tuple.tuple(problem.kind(), problem.source()))
                .toList();
    }

    @Test
    void aChainIsFoundWithItsKeyAndTheAuthoritiesBesideIt() {
        Path certificate = SERVER.write(folder);

        Look look = look(certificate, SERVER.keyFile(folder), CERTIFICATES.writeCa(folder));

        assertThat(look.problems()).isEmpty();
        assertThat(look.certificates())
                .extracting(FoundCertificate::certificate, FoundCertificate::keyIsHere)
                .containsExactly(Tuple.tuple(SERVER.leaf(), true), Tuple.tuple(CERTIFICATES.ca(), false));
    }

    @Test
    void aKeyThatIsGoneHidesNoCertificate() throws Exception {
        Path certificate = SERVER.write(folder);
        Files.delete(SERVER.keyFile(folder));

        Look look = look(certificate, SERVER.keyFile(folder));

        assertThat(look.certificates()).hasSize(1);
        assertThat(problems(look))
                .containsExactly(
                        Tuple.tuple(Kind.MISSING, SERVER.keyFile(folder).toString()));
    }

    @Test
    void aCertificateThatIsGoneIsMissed() throws Exception {
        Path certificate = SERVER.write(folder);
        Files.delete(certificate);

        assertThat(problems(look(certificate, SERVER.keyFile(folder))))
                .containsExactly(Tuple.tuple(Kind.MISSING, certificate.toString()));
    }

    @Test
    void aChainThatIsNoPemIsNamed() throws Exception {
        Path certificate = SERVER.write(folder);
        Files.writeString(certificate, "garbage");

        assertThat(problems(look(certificate, SERVER.keyFile(folder))))
                .containsExactly(Tuple.tuple(Kind.MALFORMED, certificate.toString()));
    }

    @Test
    void anotherCertificatesKeyIsAMismatch() {
        Path certificate = SERVER.write(folder);
        TestIdentity other = CERTIFICATES.client();
        other.write(folder);

        assertThat(problems(look(certificate, other.keyFile(folder))))
                .containsExactly(Tuple.tuple(Kind.KEY_MISMATCH, certificate.toString()));
    }
}
