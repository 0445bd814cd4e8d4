package dev.detour.health.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.health.tls.TlsDiagnosis;
import dev.detour.health.tls.TlsReason;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RevocationListsTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final Instant now = Clock.systemUTC().instant();
    private final TestCertificates certificates = TestCertificates.at(now);
    private final TestIdentity good = certificates.server();
    private final TestIdentity revoked = certificates.server();
    private final List<String> heard = new ArrayList<>();

    @TempDir
    Path directory = Path.of(".");

    private RevocationLists lists(Clock clock, Path... files) {
        RevocationLists lists =
                new RevocationLists(List.of(files), List.of(certificates.ca()), clock, new RevocationListener() {
                    @Override
                    public void onLoaded(Path file, String issuer, int entries) {
                        heard.add("loaded " + file.getFileName() + " " + entries);
                    }

                    @Override
                    public void onBroken(Path file, String reason) {
                        heard.add("broken " + file.getFileName() + " " + reason);
                    }
                });
        lists.refresh();
        return lists;
    }

    private Path crl(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }

    @Test
    void whatACrlListsIsRevokedAndTheRestIsGood() throws Exception {
        RevocationLists lists =
                lists(Clock.systemUTC(), crl("ca.crl", certificates.crl(now.plus(DAY), revoked.leaf())));

        assertThat(lists.status(revoked.leaf())).isEqualTo(RevocationStatus.REVOKED);
        assertThat(lists.status(good.leaf())).isEqualTo(RevocationStatus.GOOD);
        assertThat(heard).containsExactly("loaded ca.crl 1");
    }

    @Test
    void aStaleCrlStillRevokesWhatItLists() throws Exception {
        ManualClock clock = ManualClock.at(now);
        RevocationLists lists = lists(clock, crl("ca.crl", certificates.crl(now.plus(DAY), revoked.leaf())));

        clock.advance(DAY.multipliedBy(2));

        assertThat(lists.status(revoked.leaf())).isEqualTo(RevocationStatus.REVOKED);
        assertThat(lists.status(good.leaf())).isEqualTo(RevocationStatus.STALE);
    }

    @Test
    void theCrlOfAnotherIssuerDoesNotCount() throws Exception {
        RevocationLists lists =
                lists(Clock.systemUTC(), crl("ca.crl", certificates.crl(now.plus(DAY), revoked.leaf())));

        assertThat(lists.status(certificates.untrusted().leaf())).isEqualTo(RevocationStatus.UNKNOWN);
    }

    @Test
    void aCrlThatNoTrustedAuthoritySignedIsNotUsed() throws Exception {
        RevocationLists lists =
                lists(Clock.systemUTC(), crl("other.crl", certificates.otherCrl(now.plus(DAY), good.leaf())));

        assertThat(lists.status(good.leaf())).isEqualTo(RevocationStatus.UNKNOWN);
        assertThat(heard).hasSize(1).first().asString().contains("CN=Other CA").contains("none of the authorities");
    }

    @Test
    void aFileThatBreaksKeepsWhatItSaidAndIsToldOnce() throws Exception {
        Path file = crl("ca.crl", certificates.crl(now.plus(DAY), revoked.leaf()));
        RevocationLists lists = lists(Clock.systemUTC(), file);
        byte[] forged = certificates.crl(now.plus(DAY));
        forged[forged.length - 1] ^= 1;
        Files.write(file, forged);

        lists.refresh();
        lists.refresh();

        assertThat(lists.status(revoked.leaf())).isEqualTo(RevocationStatus.REVOKED);
        assertThat(heard).hasSize(2).last().asString().startsWith("broken ca.crl not signed by the issuer it names");

        Files.delete(file);
        lists.refresh();
        lists.refresh();
        assertThat(lists.status(revoked.leaf())).isEqualTo(RevocationStatus.REVOKED);
        assertThat(heard).hasSize(3).last().asString().contains("NoSuchFileException");
    }

    @Test
    void aFileThatIsReplacedCountsFromTheNextLookOn() throws Exception {
        Path file = crl("ca.crl", certificates.crl(now.plus(DAY)));
        RevocationLists lists = lists(Clock.systemUTC(), file);
        assertThat(lists.status(revoked.leaf())).isEqualTo(RevocationStatus.GOOD);

        Path next = crl("next.crl", certificates.crl(now.plus(DAY), revoked.leaf()));
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        lists.refresh();

        assertThat(lists.status(revoked.leaf())).isEqualTo(RevocationStatus.REVOKED);
    }

    @ParameterizedTest
    @CsvSource({
        "GOOD, true, true, true",
        "GOOD, false, false, true",
        "REVOKED, true, true, false",
        "REVOKED, false, false, false",
        "STALE, true, false, false",
        "STALE, false, true, true",
        "UNKNOWN, false, true, false",
        "UNKNOWN, true, false, true"
    })
    void thePolicyDecidesOnlyWhatTheCrlsDoNot(
            RevocationStatus status, boolean refuseStale, boolean refuseUnknown, boolean accepted) {
        assertThat(new RevocationPolicy(refuseStale, refuseUnknown).accepts(status))
                .isEqualTo(accepted);
    }

    @Test
    void aRefusalIsToldByItsReasonAndTheCertificateWithinTheChain() throws Exception {
        TestIdentity server = certificates.throughIntermediate();
        X509Certificate intermediate = server.chain().get(1);
        RevocationLists lists = lists(Clock.systemUTC(), crl("ca.crl", certificates.crl(now.plus(DAY), intermediate)));
        X509ExtendedTrustManager lenient =
                new RevocationTrustManager(trust(), lists, new RevocationPolicy(true, false));
        X509ExtendedTrustManager strict = new RevocationTrustManager(trust(), lists, new RevocationPolicy(true, true));
        X509Certificate[] chain = server.chain().toArray(X509Certificate[]::new);

        assertThatThrownBy(() -> lenient.checkServerTrusted(chain, "UNKNOWN"))
                .satisfies(refusal ->
                        assertThat(TlsDiagnosis.diagnose(refusal).reason()).isEqualTo(TlsReason.REVOKED))
                .satisfies(refusal -> assertThat(TlsDiagnosis.diagnose(refusal).detail())
                        .contains("CN=Test Intermediate")
                        .contains(intermediate.getSerialNumber().toString(16)));
        assertThatThrownBy(() -> strict.checkServerTrusted(chain, "UNKNOWN"))
                .satisfies(refusal -> assertThat(TlsDiagnosis.of(refusal)).isEqualTo(TlsReason.REVOCATION_UNKNOWN));
    }

    private X509ExtendedTrustManager trust() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", certificates.ca());
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }
}
