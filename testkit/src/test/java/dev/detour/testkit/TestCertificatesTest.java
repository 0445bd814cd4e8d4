package dev.detour.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestCertificatesTest {
    private final TestCertificates certificates = TestCertificates.create();

    enum Good {
        SERVER,
        RSA_SERVER,
        THROUGH_INTERMEDIATE
    }

    enum Bad {
        EXPIRED,
        NOT_YET_VALID,
        UNTRUSTED,
        EXPIRED_UNTRUSTED,
        SELF_SIGNED,
        MISSING_INTERMEDIATE,
        WRONG_USAGE,
        WEAK_INTERMEDIATE,
        EXPIRED_INTERMEDIATE
    }

    @ParameterizedTest
    @EnumSource
    void goodCertificateServesOverTlsAndSeesTheServerName(Good good) throws IOException {
        TestIdentity identity = switch (good) {
            case SERVER -> certificates.server();
            case RSA_SERVER -> certificates.rsaServer();
            case THROUGH_INTERMEDIATE -> certificates.throughIntermediate();
        };
        try (FakeBackend backend = FakeBackend.tls(identity.serverContext());
                RawClient client = RawClient.tls(backend.port(), certificates.clientContext(null), "index.example")) {

            RawResponse response = client.get("/").read();

            assertThat(response.status()).isEqualTo(200);
            assertThat(backend.heads().get(0).serverName()).isEqualTo("index.example");
        }
    }

    @ParameterizedTest
    @EnumSource
    void badCertificateIsRefusedByAVerifyingClient(Bad bad) {
        TestIdentity identity = switch (bad) {
            case EXPIRED -> certificates.expired();
            case NOT_YET_VALID -> certificates.notYetValid();
            case UNTRUSTED -> certificates.untrusted();
            case EXPIRED_UNTRUSTED -> certificates.expiredUntrusted();
            case SELF_SIGNED -> certificates.selfSigned();
            case MISSING_INTERMEDIATE -> certificates.missingIntermediate();
            case WRONG_USAGE -> certificates.wrongUsage();
            case WEAK_INTERMEDIATE -> certificates.weakIntermediate();
            case EXPIRED_INTERMEDIATE -> certificates.expiredIntermediate();
        };
        try (FakeBackend backend = FakeBackend.tls(identity.serverContext())) {
            assertThatThrownBy(() -> RawClient.tls(backend.port(), certificates.clientContext(null), null)
                            .close())
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void mutualTlsAcceptsAGoodClient() throws IOException {
        try (FakeBackend backend = FakeBackend.mutualTls(certificates.server().serverContext());
                RawClient client =
                        RawClient.tls(backend.port(), certificates.clientContext(certificates.client()), null)) {
            assertThat(client.get("/").read().status()).isEqualTo(200);
        }
    }

    @Test
    void mutualTlsRefusesAClientWithoutCertificate() throws IOException {
        try (FakeBackend backend = FakeBackend.mutualTls(certificates.server().serverContext());
                RawClient client = RawClient.tls(backend.port(), certificates.clientContext(null), null)) {
            backend.awaitHandshakeFailures(1, Duration.ofSeconds(5));

            assertThat(client.read().status()).isZero();
        }
    }

    @Test
    void resetBelowTlsIsSeenAsReset() throws IOException {
        try (FakeBackend backend =
                        FakeBackend.tls(certificates.server().serverContext()).answer(Answer.resetBeforeHead());
                RawClient client = RawClient.tls(backend.port(), certificates.clientContext(null), null)) {
            assertThat(client.get("/").read().end()).isEqualTo(RawResponse.End.RESET);
        }
    }

    @Test
    void endWithoutCloseNotifyIsTruncated() throws IOException {
        try (FakeBackend backend = FakeBackend.tls(certificates.server().serverContext())
                        .answer(Answer.closeAfter("HTTP/1.1 200 OK\r\n\r\nabc"));
                RawClient client = RawClient.tls(backend.port(), certificates.clientContext(null), null)) {
            assertThat(client.get("/").read().end()).isEqualTo(RawResponse.End.TRUNCATED);
        }
    }

    @Test
    void plaintextGreetingBreaksTheHandshake() {
        try (FakeBackend backend =
                FakeBackend.tls(certificates.server().serverContext()).greet(Greeting.PLAINTEXT)) {
            assertThatThrownBy(() -> RawClient.tls(backend.port(), certificates.clientContext(null), null)
                            .close())
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void writesPemThatOthersCanRead(@TempDir Path directory) throws Exception {
        TestIdentity identity = certificates.throughIntermediate();

        Path chain = identity.write(directory);
        Path ca = certificates.writeCa(directory);

        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        try (InputStream in = Files.newInputStream(chain);
                InputStream root = Files.newInputStream(ca)) {
            assertThat(factory.generateCertificates(in)).hasSize(2);
            assertThat(factory.generateCertificate(root)).isEqualTo(certificates.ca());
        }
        String key = Files.readString(identity.keyFile(directory));
        byte[] der = Base64.getMimeDecoder().decode(key.replaceAll("-----[A-Z ]+-----", ""));
        assertThat(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)))
                .isEqualTo(identity.key());
    }

    @Test
    void weakKeyHas512Bits() {
        assertThat(certificates.weakKey().leaf().getPublicKey())
                .isInstanceOfSatisfying(
                        RSAPublicKey.class,
                        key -> assertThat(key.getModulus().bitLength()).isEqualTo(512));
    }
}
