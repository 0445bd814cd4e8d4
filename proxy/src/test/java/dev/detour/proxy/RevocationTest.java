package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.config.BackendConfig.Doubt;
import dev.detour.health.failure.Failure;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import dev.detour.testkit.TlsProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates of a real nginx, which resumes sessions, looked up in CRL files under both engines. */
@Timeout(60)
class RevocationTest {
    private static final String PROVIDER = "detour.tls.provider";
    private static final List<String> ENGINES = List.of("jdk", "openssl");

    private final @Nullable String before = System.getProperty(PROVIDER);
    private final Instant now = Clock.systemUTC().instant();
    private final Instant tomorrow = now.plus(Duration.ofDays(1));
    private final Instant yesterday = now.minus(Duration.ofDays(1));
    private final TestCertificates certificates = TestCertificates.create();
    private final TestIdentity identity = certificates.server();

    @TempDir
    Path directory = Path.of(".");

    @AfterEach
    void restoreProvider() {
        if (before == null) {
            System.clearProperty(PROVIDER);
        } else {
            System.setProperty(PROVIDER, before);
        }
    }

    static Stream<Arguments> everywhere() {
        return ENGINES.stream()
                .flatMap(engine -> Stream.of("ssl_protocols TLSv1.2;", "ssl_protocols TLSv1.3;")
                        .map(version -> Arguments.of(engine, version)));
    }

    private RunningProxy proxyTo(TlsProgram server, Doubt stale, Doubt unknown) throws Exception {
        BackendConfig.Revocation revocation = new BackendConfig.Revocation(
                List.of(directory.resolve("ca.crl")), null, stale, unknown, Duration.ofMillis(30));
        return RunningProxy.with()
                .endpoint("https://127.0.0.1:" + server.port())
                .tls(new BackendConfig.Tls(certificates.writeCa(directory), null, null, "localhost", revocation))
                .start();
    }

    private void crl(byte[] content) throws IOException {
        Path next = Files.write(directory.resolve("next.crl"), content);
        Files.move(next, directory.resolve("ca.crl"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static int status(RunningProxy proxy) {
        try {
            return proxy.get("/project/x/").status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Failure failure(RunningProxy proxy) {
        return Objects.requireNonNull(
                proxy.backend().status().endpoints().get(0).failure());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everywhere")
    void aCertificateThatIsRevokedWhileWeRunIsRefusedAndNamed(String engine, String version) throws Exception {
        System.setProperty(PROVIDER, engine);
        crl(certificates.crl(tomorrow));
        try (TlsProgram server = TlsProgram.nginx(directory, identity, version, "keepalive_timeout 0;");
                RunningProxy proxy = proxyTo(server, Doubt.REFUSE, Doubt.REFUSE)) {
            assertThat(status(proxy)).isEqualTo(200);

            crl(certificates.crl(tomorrow, identity.leaf()));

            Await.until(() -> status(proxy) != 200, () -> "a revoked certificate is accepted");
            assertThat(failure(proxy).label()).isEqualTo("tls_revoked");
            assertThat(failure(proxy).detail())
                    .contains("was revoked")
                    .contains("serial " + identity.leaf().getSerialNumber().toString(16) + ",");
            assertThat(status(proxy)).isNotEqualTo(200);

            crl(new byte[] {1, 2, 3});
            assertThat(status(proxy)).as("a broken file keeps what it said").isNotEqualTo(200);

            crl(certificates.crl(tomorrow));
            Await.until(() -> status(proxy) == 200, () -> "a certificate that is listed no more is refused");
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everywhere")
    void aStaleCrlIsAPolicyForWhatItDoesNotListOnly(String engine, String version) throws Exception {
        System.setProperty(PROVIDER, engine);
        crl(certificates.crl(yesterday));
        try (TlsProgram server = TlsProgram.nginx(directory, identity, version, "keepalive_timeout 0;")) {
            try (RunningProxy strict = proxyTo(server, Doubt.REFUSE, Doubt.ACCEPT)) {
                assertThat(status(strict)).isNotEqualTo(200);
                assertThat(failure(strict).label()).isEqualTo("tls_revocation_unknown");
            }
            try (RunningProxy lenient = proxyTo(server, Doubt.ACCEPT, Doubt.ACCEPT)) {
                assertThat(status(lenient)).isEqualTo(200);
            }
            crl(certificates.crl(yesterday, identity.leaf()));
            try (RunningProxy lenient = proxyTo(server, Doubt.ACCEPT, Doubt.ACCEPT)) {
                assertThat(status(lenient)).isNotEqualTo(200);
                assertThat(failure(lenient).label()).isEqualTo("tls_revoked");
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everywhere")
    void aMissingCrlIsAPolicy(String engine, String version) throws Exception {
        System.setProperty(PROVIDER, engine);
        crl(certificates.otherCrl(tomorrow, identity.leaf()));
        try (TlsProgram server = TlsProgram.nginx(directory, identity, version, "keepalive_timeout 0;")) {
            try (RunningProxy strict = proxyTo(server, Doubt.REFUSE, Doubt.REFUSE)) {
                assertThat(status(strict)).isNotEqualTo(200);
                assertThat(failure(strict).label()).isEqualTo("tls_revocation_unknown");
            }
            try (RunningProxy lenient = proxyTo(server, Doubt.REFUSE, Doubt.ACCEPT)) {
                assertThat(status(lenient)).isEqualTo(200);
            }
        }
    }
}
