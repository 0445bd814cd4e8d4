package dev.detour.testkit;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;

/**
 * Certificates, good ones and one for each defect, under an authority made for this test.
 *
 * <p>Every method makes a new certificate; keys are EC P-256 unless it says otherwise. Each server certificate has exactly
 * the one defect it is named for: names are {@code localhost} and {@code 127.0.0.1}, it is valid from a day ago for 30
 * days, and may be used by servers.
 */
public final class TestCertificates {
    private static final Duration DAY = Duration.ofDays(1);

    private final Instant now;
    private final TestAuthority authority;
    private final TestAuthority stranger;

    private TestCertificates(Instant now) {
        this.now = now;
        authority = TestAuthority.root("Test CA", now.minus(DAY.multipliedBy(60)), now.plus(DAY.multipliedBy(600)));
        stranger = TestAuthority.root("Other CA", now.minus(DAY.multipliedBy(60)), now.plus(DAY.multipliedBy(600)));
    }

    /** A new authority; validity is counted from the system's time, because handshakes look at that. */
    public static TestCertificates create() {
        return new TestCertificates(Clock.systemUTC().instant());
    }

    /** A new authority; validity is counted from {@code now}. */
    public static TestCertificates at(Instant now) {
        return new TestCertificates(now);
    }

    /** The authority that good certificates come from. */
    public X509Certificate ca() {
        return authority.certificate();
    }

    /** Another authority, which the first knows nothing of. */
    public X509Certificate otherCa() {
        return stranger.certificate();
    }

    /** Writes {@code ca.pem} with the authority's certificate; gives its path. */
    public Path writeCa(Path directory) {
        Path file = directory.resolve("ca.pem");
        TestIdentity.writePem(file, List.of(ca()));
        return file;
    }

    /** A client's context that trusts the authority and shows {@code identity}, or nothing for null. */
    public SSLContext clientContext(@Nullable TestIdentity identity) {
        return TestIdentity.context(identity, List.of(ca()));
    }

    /** The good server certificate as a request, to be changed and {@link #issue issued}. */
    public CertificateRequest request() {
        return new CertificateRequest(
                "server",
                List.of("localhost", "127.0.0.1"),
                now.minus(DAY),
                now.plus(DAY.multipliedBy(29)),
                List.of(KeyPurposeId.id_kp_serverAuth),
                "EC:256");
    }

    /** A certificate as asked for, signed by the authority. */
    public TestIdentity issue(CertificateRequest request) {
        return authority.issue(request, List.of(ca()));
    }

    /** A good server certificate. */
    public TestIdentity server() {
        return issue(request());
    }

    /** A good server certificate with an RSA key of 2048 bits. */
    public TestIdentity rsaServer() {
        return issue(request().withName("rsa-server").withKeyType("RSA:2048"));
    }

    /** A good server certificate from an intermediate authority, which is sent along. */
    public TestIdentity throughIntermediate() {
        return intermediate(now.plus(DAY.multipliedBy(300)), "EC:256")
                .issue(request().withName("through-intermediate"), List.of(ca()));
    }

    /** A server certificate that ended an hour ago. */
    public TestIdentity expired() {
        return issue(request().withName("expired").withValidity(now.minus(DAY), anHourAgo()));
    }

    /** A server certificate that begins in an hour. */
    public TestIdentity notYetValid() {
        return issue(request()
                .withName("not-yet-valid")
                .withValidity(now.plus(Duration.ofHours(1)), now.plus(DAY.multipliedBy(30))));
    }

    /** A server certificate for {@code other.example}. */
    public TestIdentity wrongHost() {
        return issue(request().withName("wrong-host").withNames("other.example"));
    }

    /** A server certificate from the other authority. */
    public TestIdentity untrusted() {
        return stranger.issue(request().withName("untrusted"), List.of(ca()));
    }

    /** A server certificate from the other authority that also ended an hour ago. */
    public TestIdentity expiredUntrusted() {
        CertificateRequest request = request().withName("expired-untrusted").withValidity(now.minus(DAY), anHourAgo());
        return stranger.issue(request, List.of(ca()));
    }

    /** A server certificate that signs itself. */
    public TestIdentity selfSigned() {
        return TestAuthority.selfSigned(request().withName("self-signed"), List.of(ca()));
    }

    /** A server certificate from an intermediate authority that is not sent along. */
    public TestIdentity missingIntermediate() {
        TestIdentity whole = throughIntermediate();
        return new TestIdentity("missing-intermediate", whole.key(), List.of(whole.leaf()), whole.peers());
    }

    /** A server certificate that only clients may use. */
    public TestIdentity wrongUsage() {
        return issue(request().withName("wrong-usage").withUsages(KeyPurposeId.id_kp_clientAuth));
    }

    /** A server certificate with an RSA key of 512 bits. */
    public TestIdentity weakKey() {
        return issue(request().withName("weak-key").withKeyType("RSA:512"));
    }

    /** A server certificate with a good key, signed by an intermediate authority with an RSA key of 512 bits. */
    public TestIdentity weakIntermediate() {
        return intermediate(now.plus(DAY.multipliedBy(300)), "RSA:512")
                .issue(request().withName("weak-intermediate"), List.of(ca()));
    }

    /** A good server certificate from an intermediate authority that ended an hour ago. */
    public TestIdentity expiredIntermediate() {
        return intermediate(anHourAgo(), "EC:256").issue(request().withName("expired-intermediate"), List.of(ca()));
    }

    /**
     * A good server certificate under a good intermediate authority, which is only known by way of a cross certificate that
     * ended an hour ago.
     */
    public TestIdentity expiredCross() {
        return authority
                .intermediate("Test Cross", now.minus(DAY.multipliedBy(30)), anHourAgo(), "EC:256")
                .intermediate("Test Intermediate", now.minus(DAY.multipliedBy(20)), now.plus(DAY), "EC:256")
                .issue(request().withName("expired-cross"), List.of(ca()));
    }

    /**
     * A CRL of the authority, DER.
     *
     * @param nextUpdate issued three days before
     */
    public byte[] crl(Instant nextUpdate, X509Certificate... revoked) {
        return crl(nextUpdate, serials(revoked));
    }

    /** The same, of certificates that nobody has to make first. */
    public byte[] crl(Instant nextUpdate, List<BigInteger> revoked) {
        return authority.crl(nextUpdate.minus(DAY.multipliedBy(3)), nextUpdate, revoked);
    }

    private static List<BigInteger> serials(X509Certificate... certificates) {
        return Stream.of(certificates).map(X509Certificate::getSerialNumber).toList();
    }

    /** A CRL of the other authority, likewise. */
    public byte[] otherCrl(Instant nextUpdate, X509Certificate... revoked) {
        return stranger.crl(nextUpdate.minus(DAY.multipliedBy(3)), nextUpdate, serials(revoked));
    }

    /** A good client certificate. */
    public TestIdentity client() {
        return issue(clientRequest());
    }

    /** A client certificate that ended an hour ago. */
    public TestIdentity expiredClient() {
        return issue(clientRequest().withName("expired-client").withValidity(now.minus(DAY), anHourAgo()));
    }

    /** A client certificate from the other authority. */
    public TestIdentity untrustedClient() {
        return stranger.issue(clientRequest().withName("untrusted-client"), List.of(ca()));
    }

    private CertificateRequest clientRequest() {
        return request().withName("client").withNames().withUsages(KeyPurposeId.id_kp_clientAuth);
    }

    private TestAuthority intermediate(Instant until, String keyType) {
        return authority.intermediate("Test Intermediate", now.minus(DAY.multipliedBy(30)), until, keyType);
    }

    private Instant anHourAgo() {
        return now.minus(Duration.ofHours(1));
    }
}
