package dev.detour.health.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateFilesTest {
    private static final Instant NOW = Instant.parse("2021-04-05T14:00:00Z");
    private static final Made ROOT = spec("root").asAuthority().selfSigned();
    private static final Made LEAF = spec("leaf").by(ROOT);
    private static final Made OTHER =
            spec("other").keyed(Made.keys("RSA", 2048)).by(ROOT);
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private CertificateFiles files = new CertificateFiles(null);

    @BeforeEach
    void withoutPassword() {
        files = new CertificateFiles(null);
    }

    private static Made.Spec spec(String name) {
        return Made.spec(name, NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(30)));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text, StandardCharsets.ISO_8859_1);
    }

    private static byte[] crl() throws Exception {
        X509v2CRLBuilder builder = new JcaX509v2CRLBuilder(ROOT.certificate(), Date.from(NOW));
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(ROOT.keys().getPrivate()))
                .getEncoded();
    }

    private static String key(Made made) {
        return Made.pem("PRIVATE KEY", made.keys().getPrivate().getEncoded());
    }

    private static List<X509Certificate> certificates(FileScan scan) {
        return scan.certificates().stream().map(FoundCertificate::certificate).toList();
    }

    private static void assertProblem(FileScan scan, Path file, String found) {
        assertThat(scan.problems()).hasSize(1).first().satisfies(problem -> {
            assertThat(problem.source()).isEqualTo(file.toString());
            assertThat(problem.found()).contains(found);
            assertThat(problem.expected()).isNotEmpty();
        });
    }

    @Test
    void aBundleIsReadAroundKeysAndRevocationLists() throws Exception {
        Path file = write(
                "all.pem",
                "a comment\n" + key(LEAF) + Made.pem(LEAF.certificate()) + Made.pem("X509 CRL", crl())
                        + Made.pem(ROOT.certificate()));

        FileScan scan = files.scan(file.toString());

        assertThat(certificates(scan)).containsExactly(LEAF.certificate(), ROOT.certificate());
        assertThat(scan.certificates().get(1).place()).isEqualTo(new Place(file.toString(), "#2"));
        assertThat(scan.certificates()).extracting(FoundCertificate::keyIsHere).containsExactly(true, false);
        assertThat(scan.keys()).isEqualTo(1);
        assertThat(scan.revocationLists()).isEqualTo(1);
        assertThat(scan.problems()).isEmpty();
    }

    @Test
    void aKeyThatBelongsToNoneIsAProblemButHidesNothing() throws Exception {
        Path file = write("swapped.pem", key(OTHER) + Made.pem(LEAF.certificate()));

        FileScan scan = files.scan(file.toString());

        assertThat(certificates(scan)).containsExactly(LEAF.certificate());
        assertProblem(scan, file, "belongs to none");
    }

    @Test
    void keysInTheirOlderFormsAreMatchedToo() throws Exception {
        byte[] rsa = PrivateKeyInfo.getInstance(OTHER.keys().getPrivate().getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        byte[] curve = PrivateKeyInfo.getInstance(LEAF.keys().getPrivate().getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        Path file = write(
                "older.pem",
                Made.pem("RSA PRIVATE KEY", rsa)
                        + Made.pem("EC PRIVATE KEY", curve)
                        + Made.pem(OTHER.certificate())
                        + Made.pem(LEAF.certificate()));

        FileScan scan = files.scan(file.toString());

        assertThat(scan.certificates()).extracting(FoundCertificate::keyIsHere).containsExactly(true, true);
        assertThat(scan.problems()).isEmpty();
    }

    @Test
    void anEncryptedKeySaysNothing() throws Exception {
        Path file = write(
                "encrypted.pem",
                Made.pem("ENCRYPTED PRIVATE KEY", new byte[] {1, 2, 3}) + Made.pem(LEAF.certificate()));

        FileScan scan = files.scan(file.toString());

        assertThat(scan.certificates()).extracting(FoundCertificate::keyIsHere).containsExactly(false);
        assertThat(scan.keys()).isEqualTo(1);
        assertThat(scan.problems()).isEmpty();
    }

    @Test
    void whatIsCutOffIsToldAndTheRestIsRead() throws Exception {
        String whole = Made.pem(OTHER.certificate());
        Path file = write("cut.pem", Made.pem(LEAF.certificate()) + whole.substring(0, whole.length() / 2));

        FileScan scan = files.scan(file.toString());

        assertThat(certificates(scan)).containsExactly(LEAF.certificate());
        assertProblem(scan, file, "block 2 (CERTIFICATE) is cut off");
    }

    @Test
    void garbageInABlockIsToldAndTheRestIsRead() throws Exception {
        Path file = write(
                "bad.pem", Made.pem("CERTIFICATE", new byte[] {0x30, 0x03, 1, 2, 3}) + Made.pem(LEAF.certificate()));

        FileScan scan = files.scan(file.toString());

        assertThat(certificates(scan)).containsExactly(LEAF.certificate());
        assertProblem(scan, file, "block 1 (CERTIFICATE) cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "0", "0\u0082\u00ff", "-----BEGIN ", "\u00fe\u00ed\u00fe\u00ed\u0001"})
    void contentThatIsNothingIsAProblem(String content) throws Exception {
        Path file = write("some.pem", content);

        FileScan scan = files.scan(file.toString());

        assertThat(scan.certificates()).isEmpty();
        assertThat(scan.problems()).hasSize(1);
    }

    @Test
    void derIsRead() throws Exception {
        Path file = Files.write(folder.resolve("leaf.der"), LEAF.certificate().getEncoded());

        assertThat(certificates(files.scan(file.toString()))).containsExactly(LEAF.certificate());
    }

    @Test
    void derThatIsCutOffIsAProblem() throws Exception {
        byte[] whole = LEAF.certificate().getEncoded();
        Path file = Files.write(folder.resolve("leaf.der"), Arrays.copyOf(whole, whole.length - 9));

        assertProblem(files.scan(file.toString()), file, "DER that cannot be read");
    }

    @Test
    void aRevocationListInDerIsCounted() throws Exception {
        Path file = Files.write(folder.resolve("list.crl"), crl());

        FileScan scan = files.scan(file.toString());

        assertThat(scan.revocationLists()).isEqualTo(1);
        assertThat(scan.problems()).isEmpty();
    }

    private Path keyStore(String type, String name, Made key) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        Certificate[] chain = {LEAF.certificate(), ROOT.certificate()};
        store.setKeyEntry("server", key.keys().getPrivate(), PASSWORD, chain);
        store.setCertificateEntry("ca", ROOT.certificate());
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void aKeyStoreIsReadWithItsPassword(String type) throws Exception {
        Path file = keyStore(type, "store", LEAF);

        FileScan scan = new CertificateFiles(PASSWORD).scan(file.toString());

        assertThat(scan.certificates())
                .extracting(found -> found.place().entry())
                .containsExactlyInAnyOrder("server #1", "server #2", "ca");
        assertThat(scan.certificates())
                .filteredOn(FoundCertificate::keyIsHere)
                .extracting(found -> found.place().entry())
                .containsExactly("server #1");
        assertThat(scan.problems()).isEmpty();
    }

    @Test
    void aKeyStoreWhoseKeyBelongsElsewhereIsAProblem() throws Exception {
        Path file = keyStore("PKCS12", "store.p12", OTHER);

        FileScan scan = new CertificateFiles(PASSWORD).scan(file.toString());

        assertProblem(scan, file, "entry server has a private key that does not belong");
        assertThat(scan.certificates()).hasSize(3);
    }

    @Test
    void aPkcs12ThatYieldsNothingWithoutItsPasswordIsAProblem() throws Exception {
        Path file = keyStore("PKCS12", "store.p12", LEAF);

        FileScan scan = files.scan(file.toString());

        assertThat(scan.certificates()).isEmpty();
        assertProblem(scan, file, "yields no certificate");
    }

    @Test
    void aWrongPasswordIsAProblem() throws Exception {
        Path file = keyStore("PKCS12", "store.p12", LEAF);

        assertProblem(new CertificateFiles("wrong".toCharArray()).scan(file.toString()), file, "does not open");
    }

    @Test
    void aKubeconfigIsReadWithTheFilesItRefersTo() throws Exception {
        write("other.crt", Made.pem(OTHER.certificate()));
        String data =
                Base64.getEncoder().encodeToString(Made.pem(LEAF.certificate()).getBytes(StandardCharsets.US_ASCII));
        Path file = write("config", """
                apiVersion: v1
                kind: Config
                clusters:
                - name: prod
                  cluster:
                    server: https://10.0.0.1:6443
                    certificate-authority: other.crt
                users:
                - name: admin
                  user:
                    client-certificate-data: %s
                - name: nobody
                  user:
                    client-certificate: gone.crt
                """.formatted(data));

        FileScan scan = files.scan(file.toString());

        assertThat(scan.certificates())
                .extracting(found -> found.place().entry())
                .containsExactlyInAnyOrder("user admin client-certificate-data #1", "other.crt #1");
        assertProblem(scan, file, "gone.crt, which is not there");
    }

    @Test
    void aDirectoryIsReadWithAllBelowItAndUnrelatedFilesArePassedOver() throws Exception {
        Files.createDirectories(folder.resolve("deep/er"));
        write("README.md", "about certificates");
        write("deep/er/a.pem", Made.pem(LEAF.certificate()));
        write("tls", Made.pem(OTHER.certificate()));

        FileScan scan = files.scan(folder.toString());

        assertThat(certificates(scan)).containsExactlyInAnyOrder(LEAF.certificate(), OTHER.certificate());
        assertThat(scan.problems()).isEmpty();
    }

    @Test
    void aBadFileHidesNoOther() throws Exception {
        write("a.pem", "garbage");
        write("b.pem", Made.pem(LEAF.certificate()));
        Files.createSymbolicLink(folder.resolve("c.pem"), Path.of("nowhere"));
        write("d.pem", Made.pem(OTHER.certificate()));

        FileScan scan = files.scan(folder.toString());

        assertThat(scan.certificates()).hasSize(2);
        assertThat(scan.problems())
                .extracting(SourceProblem::found)
                .containsExactlyInAnyOrder("nothing that holds certificates", "a link to nothing");
    }

    @Test
    void anUnreadableFileIsAProblemByName() throws Exception {
        Path file = write("secret.pem", "");
        CertificateFiles denied = new CertificateFiles(null, asked -> {
            throw new AccessDeniedException(asked.toString());
        });

        FileScan scan = denied.scan(folder.toString());

        assertProblem(scan, file, "not readable by this user");
    }

    @Test
    void aMissingFileIsAProblem() {
        Path file = folder.resolve("gone.pem");

        assertProblem(files.scan(file.toString()), file, "no such file");
    }

    @Test
    void anEmptyDirectoryIsAProblem() {
        assertProblem(files.scan(folder.toString()), folder, "without certificates");
    }

    @Test
    void aGlobMatchesAcrossDirectories() throws Exception {
        Files.createDirectories(folder.resolve("x/y"));
        write("x/y/a.pem", Made.pem(LEAF.certificate()));
        write("x/y/a.txt", Made.pem(OTHER.certificate()));

        assertThat(certificates(files.scan(folder + "/**/*.pem"))).containsExactly(LEAF.certificate());
        assertThat(certificates(files.scan(folder + "/x/*/a.{pem,der}"))).containsExactly(LEAF.certificate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/*.pem", "/nowhere/*.pem", "/[a"})
    void aGlobThatMatchesNothingIsAProblem(String glob) {
        FileScan scan = files.scan(folder + glob);

        assertThat(scan.certificates()).isEmpty();
        assertThat(scan.problems()).hasSize(1);
    }

    @Test
    void aFileReachedOnTwoWaysIsReadOnce() throws Exception {
        write("a.pem", Made.pem(LEAF.certificate()));
        Files.createSymbolicLink(folder.resolve("0a1b2c3d.0"), Path.of("a.pem"));
        Files.createSymbolicLink(folder.resolve("loop"), folder);

        FileScan scan = files.scan(folder.toString());

        assertThat(scan.certificates()).hasSize(1);
        assertThat(scan.problems()).isEmpty();
    }

    @Test
    void aMountedSecretIsFollowedThroughItsSwap() throws Exception {
        Files.createDirectories(folder.resolve("..1"));
        Files.createDirectories(folder.resolve("..2"));
        write("..1/tls.crt", Made.pem(LEAF.certificate()));
        write("..2/tls.crt", Made.pem(OTHER.certificate()));
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(folder.resolve("tls.crt"), Path.of("..data/tls.crt"));
        FileScan before = files.scan(folder.toString());

        Files.createSymbolicLink(folder.resolve("..new"), Path.of("..2"));
        Files.move(folder.resolve("..new"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        FileScan after = files.scan(folder.toString());

        assertThat(certificates(before)).containsExactly(LEAF.certificate());
        assertThat(certificates(after)).containsExactly(OTHER.certificate());
    }

    @Test
    void fiveThousandCertificatesAreReadInSeconds() throws Exception {
        // each another one: the JDK remembers what it has read before
        Made.Spec spec = spec("many");
        for (int i = 0; i < 5_000; i++) {
            write("c" + i + ".pem", Made.pem(spec.by(ROOT).certificate()));
        }
        long start = System.nanoTime();

        FileScan scan = files.scan(folder.toString());

        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertThat(scan.certificates()).hasSize(5_000);
        // the promise is 5 s; a machine that does much else at once gets three times that
        assertThat(taken).isLessThan(Duration.ofSeconds(15));
    }
}
