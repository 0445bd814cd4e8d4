package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.Failure;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.Greeting;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import dev.detour.testkit.TlsProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is wrong with the TLS of a server that others wrote, it is told by the same word under the JDK's TLS and under
 * BoringSSL, in TLS 1.2 and in 1.3.
 */
@Timeout(60)
class TlsServersTest {
    private static final String PROVIDER = "detour.tls.provider";
    private static final List<String> ENGINES = List.of("jdk", "openssl");
    private static final TestCertificates CERTIFICATES = TestCertificates.create();
    private static final TestIdentity GOOD = CERTIFICATES.server();
    /** openssl's own defaults would not show such a certificate. */
    private static final String ANY_STRENGTH = "DEFAULT@SECLEVEL=0";

    private final @Nullable String before = System.getProperty(PROVIDER);

    @TempDir
    Path directory = Path.of(".");

    /** Whose server it is. */
    private enum Maker {
        OPENSSL,
        NGINX
    }

    private enum Version {
        TLS12,
        TLS13;

        String option() {
            return this == TLS12 ? "-tls1_2" : "-tls1_3";
        }

        String directive() {
            return "ssl_protocols " + (this == TLS12 ? "TLSv1.2;" : "TLSv1.3;");
        }
    }

    @AfterEach
    void restoreProvider() {
        if (before == null) {
            System.clearProperty(PROVIDER);
        } else {
            System.setProperty(PROVIDER, before);
        }
    }

    // ---- certificates that are refused

    static Stream<Arguments> certificates() {
        return Stream.of(
                        defect("expired", "expired", TestCertificates::expired),
                        defect("expired intermediate", "expired", TestCertificates::expiredIntermediate),
                        defect("expired cross certificate", "expired", TestCertificates::expiredCross),
                        defect("not yet valid", "not_yet_valid", TestCertificates::notYetValid),
                        defect("untrusted root", "untrusted", TestCertificates::untrusted),
                        defect("self-signed", "untrusted", TestCertificates::selfSigned),
                        defect("missing intermediate", "untrusted", TestCertificates::missingIntermediate),
                        defect("expired and untrusted", "untrusted", TestCertificates::expiredUntrusted),
                        defect("other host name", "hostname_mismatch", TestCertificates::wrongHost),
                        defect("wrong extended key usage", "wrong_usage", TestCertificates::wrongUsage),
                        defect("weak issuer", "weak_algorithm", TestCertificates::weakIntermediate))
                .flatMap(TlsServersTest::everywhere);
    }

    private record Defect(String name, String reason, TestIdentity identity) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Defect defect(String name, String reason, Function<TestCertificates, TestIdentity> identity) {
        return new Defect(name, reason, identity.apply(CERTIFICATES));
    }

    private static Stream<Arguments> everywhere(Defect defect) {
        return Stream.of(Maker.values())
                .flatMap(maker -> Stream.of(Version.values())
                        .flatMap(version -> ENGINES.stream()
                                .map(engine -> Arguments.of(defect, defect.reason(), maker, version, engine))));
    }

    @ParameterizedTest(name = "{0}: {1} | {2} | {3} | {4}")
    @MethodSource("certificates")
    void aCertificateThatIsRefusedIsNamedWithItsReason(
            Defect defect, String reason, Maker maker, Version version, String engine) throws Exception {
        System.setProperty(PROVIDER, engine);
        try (TlsProgram server = serve(maker, version, defect.identity());
                RunningProxy proxy = proxyTo(server.port(), null)) {
            Failure failure = failure(proxy, "tls_" + reason);

            assertThat(failure.detail())
                    .contains("CN=")
                    .containsPattern(", serial [0-9a-f]+, valid \\S+Z to \\S+Z")
                    .doesNotContain("\n");
            assertThat(defect.identity().chain())
                    .extracting(each -> each.getSerialNumber().toString(16))
                    .anyMatch(serial -> failure.detail().contains("serial " + serial + ","));
        }
    }

    private TlsProgram serve(Maker maker, Version version, TestIdentity identity) {
        return maker == Maker.OPENSSL
                ? TlsProgram.openssl(directory, identity, version.option(), "-cipher", ANY_STRENGTH)
                : TlsProgram.nginx(directory, identity, version.directive(), "ssl_ciphers " + ANY_STRENGTH + ";");
    }

    // ---- what both sides do not agree on

    static Stream<Arguments> disagreements() {
        TestIdentity weak = CERTIFICATES.weakKey();
        return Stream.of(
                        setting("weak key", "weak_algorithm", weak, "-tls1_2", "-cipher", ANY_STRENGTH),
                        setting("only TLS 1.1", "protocol_version", GOOD, "-tls1_1", "-cipher", ANY_STRENGTH),
                        setting("cipher in TLS 1.2", "cipher", GOOD, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-CCM"),
                        setting(
                                "cipher in TLS 1.3",
                                "cipher",
                                GOOD,
                                "-tls1_3",
                                "-ciphersuites",
                                "TLS_AES_128_CCM_SHA256"))
                .flatMap(setting -> ENGINES.stream().map(engine -> Arguments.of(setting, setting.reason(), engine)));
    }

    private record Setting(String name, String reason, TestIdentity identity, List<String> options) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Setting setting(String name, String reason, TestIdentity identity, String... options) {
        return new Setting(name, reason, identity, List.of(options));
    }

    @ParameterizedTest(name = "{0}: {1} | {2}")
    @MethodSource("disagreements")
    void whatIsNotAgreedOnIsTold(Setting setting, String reason, String engine) throws Exception {
        System.setProperty(PROVIDER, engine);
        try (TlsProgram server = TlsProgram.openssl(
                        directory, setting.identity(), setting.options().toArray(String[]::new));
                RunningProxy proxy = proxyTo(server.port(), null)) {
            failure(proxy, "tls_" + reason);
        }
    }

    // ---- our own certificate

    static Stream<Arguments> clients() {
        return Stream.of("missing", "expired", "untrusted")
                .flatMap(client -> Stream.of(Version.values())
                        .flatMap(version -> ENGINES.stream().map(engine -> Arguments.of(client, version, engine))));
    }

    @ParameterizedTest(name = "{0} client certificate: client_cert_rejected | {1} | {2}")
    @MethodSource("clients")
    void aClientCertificateThatIsRefusedIsTold(String client, Version version, String engine) throws Exception {
        System.setProperty(PROVIDER, engine);
        TestIdentity shown = switch (client) {
            case "expired" -> CERTIFICATES.expiredClient();
            case "untrusted" -> CERTIFICATES.untrustedClient();
            default -> null;
        };
        String authority = CERTIFICATES.writeCa(directory).toString();
        try (TlsProgram server = TlsProgram.openssl(
                        directory,
                        GOOD,
                        version.option(),
                        "-Verify",
                        "1",
                        "-verify_return_error",
                        "-CAfile",
                        authority);
                RunningProxy proxy = proxyTo(server.port(), shown)) {
            failure(proxy, "tls_client_cert_rejected");
        }
    }

    // ---- what is fine

    static Stream<Arguments> engines() {
        return Stream.of(Version.values())
                .flatMap(version -> ENGINES.stream().map(engine -> Arguments.of(version, engine)));
    }

    @ParameterizedTest(name = "expired trust anchor: accepted | {0} | {1}")
    @MethodSource("engines")
    void anAnchorThatHasExpiredIsStillTrusted(Version version, String engine) throws Exception {
        System.setProperty(PROVIDER, engine);
        Instant now = Instant.now();
        TestCertificates old = TestCertificates.at(now.minus(Duration.ofDays(650)));
        TestIdentity young =
                old.issue(old.request().withValidity(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1))));
        try (TlsProgram server = TlsProgram.nginx(directory, young, version.directive());
                RunningProxy proxy = proxyTo(old.writeCa(directory), server.port(), null)) {
            assertThat(proxy.get("/project/x/").text())
                    .as("%s", proxy.backend().status())
                    .isEqualTo("ok");
        }
    }

    // ---- what happens to the bytes

    static Stream<Arguments> faults() {
        return Stream.of(
                        Arguments.of(Greeting.HANG, "tls_timeout"),
                        Arguments.of(Greeting.CLOSE, "tls_closed"),
                        Arguments.of(Greeting.CLOSE_AFTER_FIRST_BYTES, "tls_closed"),
                        Arguments.of(Greeting.RESET_AFTER_FIRST_BYTES, "tls_reset"),
                        Arguments.of(Greeting.RESET, "reset"),
                        Arguments.of(Greeting.PLAINTEXT, "tls_plaintext"),
                        Arguments.of(Greeting.GARBAGE, "tls_plaintext"),
                        Arguments.of(Greeting.PROTOCOL_ALERT, "tls_protocol_version"))
                .flatMap(each -> ENGINES.stream().map(engine -> Arguments.of(each.get()[0], each.get()[1], engine)));
    }

    @ParameterizedTest(name = "{0}: {1} | {2}")
    @MethodSource("faults")
    void aPeerThatDoesNotShakeHandsIsTold(Greeting greeting, String label, String engine) throws Exception {
        System.setProperty(PROVIDER, engine);
        try (FakeBackend backend = FakeBackend.tls(GOOD.serverContext()).greet(greeting);
                RunningProxy proxy = description(CERTIFICATES.writeCa(directory), backend.port(), null)
                        .handshake(Duration.ofMillis(300))
                        .start()) {
            failure(proxy, label);
        }
    }

    @ParameterizedTest(name = "refused: refused | {1}")
    @MethodSource("engines")
    void aRefusedConnectionIsTold(Version version, String engine) throws Exception {
        System.setProperty(PROVIDER, engine);
        try (FakeBackend backend = FakeBackend.tls(GOOD.serverContext())) {
            backend.refuse();
            try (RunningProxy proxy = proxyTo(backend.port(), null)) {
                failure(proxy, "refused");
            }
        }
    }

    // ---- the proxy

    /** What one request fails by, told alike to operators by the meters, the access log and the endpoint's status. */
    private static Failure failure(RunningProxy proxy, String label) throws Exception {
        proxy.get("/simple/x/");

        Failure failure = Objects.requireNonNull(
                proxy.backend().status().endpoints().get(0).failure());
        assertThat(failure.label()).as("%s", failure.detail()).endsWith(label);
        assertThat(proxy.accessLine("/simple/x/")).contains("reason=" + failure.label() + " ");
        assertThat(proxy.attempts(failure.label())).isEqualTo(1);
        return failure;
    }

    private RunningProxy proxyTo(int port, @Nullable TestIdentity client) throws Exception {
        return proxyTo(CERTIFICATES.writeCa(directory), port, client);
    }

    private RunningProxy proxyTo(Path trust, int port, @Nullable TestIdentity client) throws Exception {
        return description(trust, port, client).start();
    }

    private ProxyDescription description(Path trust, int port, @Nullable TestIdentity client) {
        Path certificate = client == null ? null : client.write(directory);
        Path key = client == null ? null : client.keyFile(directory);
        return RunningProxy.with()
                .endpoint("https://127.0.0.1:" + port)
                .tls(new BackendConfig.Tls(trust, certificate, key, "localhost"));
    }
}
