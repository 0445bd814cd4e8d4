package dev.detour.health.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.health.certificate.SourceProblem.Kind;
import dev.detour.health.source.KnownCertificate;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of files that are replaced, spoilt and mended while somebody watches. */
class FilesSourceTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.create();
    private static final TestIdentity FIRST = CERTIFICATES.server();
    private static final TestIdentity SECOND = CERTIFICATES.server();
    private static final Instant NOW = Instant.parse("2021-04-05T14:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path file;

    @SuppressWarnings("NullAway.Init")
    private FilesSource source;

    @SuppressWarnings("NullAway.Init")
    private Inventory inventory;

    private Instant now = NOW;

    @BeforeEach
    void aFolderWithOneCertificate() throws IOException {
        file = folder.resolve("tls.crt");
        write(pem(FIRST));
        watch(folder.toString());
    }

    private void watch(String place) {
        source = new FilesSource("files", place, null);
        inventory = new Inventory(List.of(source));
    }

    private void write(byte[] content) throws IOException {
        Files.write(file, content);
        // long ago, so that nothing but its content, size and inode tells that it has changed
        Files.setLastModifiedTime(file, FileTime.from(NOW));
    }

    private byte[] pem(TestIdentity identity) throws IOException {
        return Files.readAllBytes(identity.write(Files.createTempDirectory(folder, "..made")));
    }

    private SourceReport look() {
        now = now.plusSeconds(60);
        inventory.accept(source, source.look(), now);
        return inventory.sources().get(0);
    }

    private static String serial(TestIdentity identity) {
        return identity.leaf().getSerialNumber().toString(16);
    }

    private static void assertKnown(SourceReport report, TestIdentity identity) {
        assertThat(report.certificates())
                .extracting(each -> each.facts().serial())
                .containsExactly(serial(identity));
    }

    @Test
    void whatIsThereIsKnownWithTheTimeItWasFirstSeen() {
        Instant first = look().certificates().get(0).since();

        SourceReport report = look();

        assertKnown(report, FIRST);
        assertThat(report.up()).isTrue();
        assertThat(report.good()).isEqualTo(now);
        assertThat(report.certificates().get(0).since()).isEqualTo(first).isBefore(now);
    }

    @Test
    void aFileThatIsReplacedIsReadAgain() throws IOException {
        look();
        write(pem(SECOND));

        SourceReport report = look();

        assertKnown(report, SECOND);
        assertThat(report.certificates().get(0).since()).isEqualTo(now);
    }

    @Test
    void aFileThatIsMovedOverAnotherIsReadAgain() throws IOException {
        look();
        Path next = Files.write(folder.resolve("next"), pem(SECOND));
        Files.setLastModifiedTime(next, FileTime.from(NOW));
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);

        assertKnown(look(), SECOND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "-----BEGIN CERTIFICATE-----\nMIIB", "\u0000\u0001\u0002"})
    void aFileThatIsSpoiltIsKnownAsItWasUntilItIsMended(String garbage) throws IOException {
        look();
        write(garbage.getBytes(StandardCharsets.ISO_8859_1));

        SourceReport spoilt = look();
        Instant since = now;
        SourceReport still = look();

        assertKnown(spoilt, FIRST);
        assertThat(spoilt.up()).isFalse();
        assertThat(still.certificates())
                .extracting(KnownCertificate::unseenSince)
                .containsExactly(since);
        assertThat(still.troubles()).singleElement().satisfies(trouble -> {
            assertThat(trouble.problem().source()).isEqualTo(file.toString());
            assertThat(trouble.since()).isEqualTo(since);
        });

        write(pem(SECOND));
        SourceReport mended = look();

        assertKnown(mended, SECOND);
        assertThat(mended.up()).isTrue();
        assertThat(mended.certificates())
                .extracting(KnownCertificate::unseenSince)
                .containsOnlyNulls();
    }

    @Test
    void aTruncatedFileIsKnownAsItWas() throws IOException {
        look();
        byte[] whole = pem(SECOND);
        write(java.util.Arrays.copyOf(whole, whole.length / 2));

        SourceReport report = look();

        assertKnown(report, FIRST);
        assertThat(report.troubles()).extracting(each -> each.problem().kind()).containsExactly(Kind.MALFORMED);
    }

    @Test
    void aFileInAFolderThatHeldCertificatesUnderAnyNameIsMissedOnceItHoldsNone() throws IOException {
        Path other = folder.resolve("bundle");
        Files.write(other, pem(SECOND));
        Files.setLastModifiedTime(other, FileTime.from(NOW));
        look();
        Files.writeString(other, "nothing");

        look();
        SourceReport report = look();

        assertThat(report.certificates()).hasSize(2);
        assertThat(report.troubles())
                .singleElement()
                .satisfies(trouble -> assertThat(trouble.problem())
                        .hasToString(other + ": held certificates, and holds none now"
                                + " (expected: certificates, or no such file)"));
    }

    @Test
    void aFileThatIsDeletedFromAFolderIsGone() throws IOException {
        Files.write(folder.resolve("other.crt"), pem(SECOND));
        look();
        Files.delete(file);

        SourceReport report = look();

        assertKnown(report, SECOND);
        assertThat(report.up()).isTrue();
    }

    @Test
    void aFileThatWasAskedForByNameIsMissed() throws IOException {
        watch(file.toString());
        look();
        Files.delete(file);

        SourceReport report = look();

        assertKnown(report, FIRST);
        assertThat(report.troubles()).extracting(each -> each.problem().kind()).containsExactly(Kind.MISSING);
        assertThat(report.errors()).containsEntry(Kind.MISSING, 1L);
    }

    @Test
    void aSecretAsKubernetesMountsItIsFollowedThroughItsLinks() throws IOException {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        version(mount, "..one", FIRST);
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..one"));
        Files.createSymbolicLink(mount.resolve("tls.crt"), Path.of("..data/tls.crt"));
        watch(mount.toString());
        assertKnown(look(), FIRST);

        version(mount, "..two", SECOND);
        Files.createSymbolicLink(mount.resolve("..next"), Path.of("..two"));
        Files.move(mount.resolve("..next"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        assertKnown(look(), SECOND);

        Files.delete(mount.resolve("..two/tls.crt"));
        SourceReport broken = look();
        assertKnown(broken, SECOND);
        assertThat(broken.troubles()).extracting(each -> each.problem().found()).containsExactly("a link to nothing");
    }

    private void version(Path mount, String name, TestIdentity identity) throws IOException {
        Path version = Files.createDirectory(mount.resolve(name));
        Path written = Files.write(version.resolve("tls.crt"), pem(identity));
        Files.setLastModifiedTime(written, FileTime.from(NOW));
    }

    @Test
    void aPasswordThatIsReplacedOpensTheStoreAgain() throws Exception {
        Path password = Files.writeString(folder.resolve("password"), "wrong\n");
        Path store = folder.resolve("store.p12");
        java.security.KeyStore keys = java.security.KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "a", FIRST.key(), "right".toCharArray(), FIRST.chain().toArray(new java.security.cert.Certificate[0]));
        try (var out = Files.newOutputStream(store)) {
            keys.store(out, "right".toCharArray());
        }
        source = new FilesSource("files", store.toString(), password);
        inventory = new Inventory(List.of(source));
        assertThat(look().up()).isFalse();

        Files.writeString(password, "right\n");

        assertKnown(look(), FIRST);
    }

    @Test
    void fiveThousandFilesThatHaveNotChangedAreNotParsedAgain() throws IOException {
        byte[] content = pem(FIRST);
        Path many = Files.createDirectory(folder.resolve("many"));
        for (int i = 0; i < 5_000; i++) {
            Files.write(many.resolve(i + ".crt"), content);
        }
        watch(many.toString());
        source.look();
        assertThat(source.look().certificates()).hasSize(5_000);
        // the clock of a file system is coarse: what has just been written is read again
        Duration settled = Duration.ofSeconds(3);
        Instant start = Instant.now();
        while (Duration.between(start, Instant.now()).compareTo(settled) < 0) {
            source.look();
        }
        long used = cpuNanos();

        assertThat(source.look().certificates()).hasSize(5_000);

        // one percent of a core at one look a minute is 600 ms
        assertThat(Duration.ofNanos(cpuNanos() - used)).isLessThan(Duration.ofMillis(600));
    }

    private static long cpuNanos() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
