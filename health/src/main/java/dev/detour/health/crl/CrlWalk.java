package dev.detour.health.crl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One CRL, read element after element in the order of RFC 5280 5.1. */
final class CrlWalk {
    private static final int LONGEST_VERSION = 1;
    /** RFC 5280 allows 20; some issuers use more. */
    private static final int LONGEST_SERIAL = 256;

    private static final int LONGEST_SIGNATURE = 16 * 1024;
    private static final String CRL = "the CRL";
    private static final String BODY = "the signed part of the CRL";
    private static final String ENTRIES = "the list of revoked certificates";
    private static final String ENTRY = "a revoked certificate";
    private static final String ALGORITHM = "the signature algorithm";

    private final DerInput in;
    private final List<X509Certificate> issuers;
    private final @Nullable Consumer<BigInteger> revoked;
    private final Revocations.Counter revocations = new Revocations.Counter();
    private long entries;

    CrlWalk(DerInput in, List<X509Certificate> issuers, @Nullable Consumer<BigInteger> revoked) {
        this.in = in;
        this.revoked = revoked;
        this.issuers = issuers;
    }

    CrlFacts walk() throws IOException, CrlFormatException {
        long end = in.expect(DerInput.SEQUENCE, CRL, Long.MAX_VALUE);
        // kept until the issuer is known, and with it who checks
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        in.tap(head::write);
        long start = in.offset();
        long bodyEnd = in.expect(DerInput.SEQUENCE, BODY, end);
        version(bodyEnd);
        long algorithmAt = in.offset();
        byte[] identifier = in.element(DerInput.SEQUENCE, SignatureAlgorithm.LONGEST, ALGORITHM, bodyEnd);
        SignatureAlgorithm algorithm = SignatureAlgorithm.read(identifier, algorithmAt);
        IssuerName issuer = IssuerName.read(in, bodyEnd);
        SignatureCheck check = SignatureCheck.of(algorithm, issuer.principal(), issuers, bodyEnd - start);
        in.tap(check);
        check.bytes(head.toByteArray(), 0, head.size());
        Instant thisUpdate = Instant.ofEpochSecond(in.time("thisUpdate", bodyEnd));
        Instant nextUpdate = in.atTime(bodyEnd) ? Instant.ofEpochSecond(in.time("nextUpdate", bodyEnd)) : null;
        long entryBytes = in.peek(bodyEnd) == DerInput.SEQUENCE ? entries(bodyEnd) : 0;
        CrlExtensions extensions = new CrlExtensions();
        if (in.peek(bodyEnd) == CrlExtensions.TAG) {
            extensions.read(in, bodyEnd);
        }
        in.finish(bodyEnd, in.offset(), BODY);
        in.tap(null);
        CrlSignature signature = signature(identifier, check, extensions.authorityKey(), end);
        return new CrlFacts(
                issuer.text(),
                thisUpdate,
                nextUpdate,
                extensions.number(),
                extensions.authorityKey(),
                extensions.delta(),
                algorithm.name(),
                signature,
                end,
                entryBytes,
                entries,
                revocations.done());
    }

    private void version(long limit) throws IOException, CrlFormatException {
        long at = in.offset();
        if (in.peek(limit) == DerInput.INTEGER) {
            byte[] version = in.element(DerInput.INTEGER, LONGEST_VERSION, "the version", limit);
            if (version.length != 1 || version[0] != 1) {
                throw new CrlFormatException(
                        at, "the version at byte " + at + " is not 1 (expected: a CRL of version 2)");
            }
        }
    }

    /** Reads the list; gives the bytes of its entries. */
    private long entries(long limit) throws IOException, CrlFormatException {
        long end = in.expect(DerInput.SEQUENCE, ENTRIES, limit);
        long start = in.offset();
        while (in.offset() < end) {
            long entryEnd = in.expect(DerInput.SEQUENCE, ENTRY, end);
            long serialAt = in.offset();
            long serialEnd = in.expect(DerInput.INTEGER, "the serial number of a revoked certificate", entryEnd);
            if (serialEnd == in.offset()) {
                throw new CrlFormatException(
                        serialAt, "the serial number at byte " + serialAt + " is empty (expected: an integer)");
            }
            if (revoked == null) {
                in.skipTo(serialEnd, ENTRY);
            } else {
                revoked.accept(new BigInteger(in.bytesTo(serialEnd, LONGEST_SERIAL, "a serial number")));
            }
            revocations.add(in.time("the revocation date", entryEnd));
            if (in.offset() < entryEnd) {
                long extensionsEnd = in.expect(DerInput.SEQUENCE, "the extensions of a revoked certificate", entryEnd);
                in.finish(entryEnd, extensionsEnd, ENTRY);
                in.skipTo(extensionsEnd, ENTRY);
            }
            entries++;
        }
        return end - start;
    }

    private CrlSignature signature(byte[] identifier, SignatureCheck check, @Nullable String key, long end)
            throws IOException, CrlFormatException {
        long at = in.offset();
        if (!Arrays.equals(identifier, in.element(DerInput.SEQUENCE, SignatureAlgorithm.LONGEST, ALGORITHM, end))) {
            throw new CrlFormatException(
                    at,
                    ALGORITHM + " at byte " + at + " is not the one that the signed part names (expected: the same)");
        }
        at = in.offset();
        byte[] bits = in.element(DerInput.BIT_STRING, LONGEST_SIGNATURE, "the signature", end);
        if (bits.length == 0 || bits[0] != 0) {
            throw new CrlFormatException(at, "the signature at byte " + at + " is not made of whole bytes");
        }
        in.finish(end, in.offset(), CRL);
        if (!in.exhausted()) {
            throw new CrlFormatException(end, "trailing bytes after the end of the CRL at byte " + end);
        }
        return check.verify(Arrays.copyOfRange(bits, 1, bits.length), key);
    }
}
