package dev.detour.health.crl;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads X.509 CRLs (RFC 5280 5) in one pass and constant memory, and checks their signature meanwhile.
 *
 * <p>Java's own {@code X509CRL} keeps some 355 bytes for each entry, and takes seconds for a million of them. Immutable;
 * any thread may use it.
 */
public final class CrlReader {
    private final List<X509Certificate> issuers;

    private CrlReader(List<X509Certificate> issuers) {
        this.issuers = List.copyOf(issuers);
    }

    /** A reader that checks no signatures. */
    public static CrlReader unchecked() {
        return new CrlReader(List.of());
    }

    /** A reader that checks the signatures of CRLs whose issuer is among these. */
    public static CrlReader checkedBy(List<X509Certificate> issuers) {
        return new CrlReader(issuers);
    }

    /**
     * Reads a CRL, DER or PEM, to the end of the stream; does not close it.
     *
     * @throws CrlFormatException if it is anything else than one whole CRL
     * @throws IOException if the stream fails
     */
    public CrlFacts read(InputStream in) throws IOException, CrlFormatException {
        return read(in, null);
    }

    /**
     * Reads likewise, and gives the serial number of every entry, in the order of the CRL and before its signature is known.
     *
     * @param revoked who takes the serial numbers, or null for nobody: they are not even made then
     */
    public CrlFacts read(InputStream in, @Nullable Consumer<BigInteger> revoked)
            throws IOException, CrlFormatException {
        PushbackInputStream whole = new PushbackInputStream(in, 1);
        int first = whole.read();
        if (first < 0) {
            throw new CrlFormatException(0, "empty: ends at byte 0 (expected: an X.509 CRL)");
        }
        whole.unread(first);
        boolean der = first == DerInput.SEQUENCE;
        return new CrlWalk(new DerInput(der ? whole::read : new PemSource(whole)), issuers, revoked).walk();
    }
}
