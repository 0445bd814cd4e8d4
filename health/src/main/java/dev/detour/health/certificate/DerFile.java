package dev.detour.health.certificate;

import dev.detour.health.certificate.SourceProblem.Kind;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file in DER, which may be certificates, PKCS#7, PKCS#12, a key or a CRL: what it is, only its content tells. */
final class DerFile {
    private static final int INTEGER = 0x02;
    private static final int PKCS12_VERSION = 3;

    private DerFile() {}

    static void read(byte[] content, char @Nullable [] password, FileScan.Builder into) {
        int at = contents(content);
        if (at + 2 < content.length && content[at] == INTEGER) {
            if (content[at + 2] == PKCS12_VERSION) {
                KeyStoreFile.read(content, "PKCS12", password, into);
            } else {
                into.key();
            }
            return;
        }
        try {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(content));
            List<X509Certificate> certificates = new ArrayList<>();
            for (Certificate each : all) {
                certificates.add((X509Certificate) each);
            }
            for (int i = 0; i < certificates.size(); i++) {
                Place place = new Place(into.source(), "#" + (i + 1));
                into.found(new FoundCertificate(certificates.get(i), place, false));
            }
        } catch (CertificateException | IllegalArgumentException e) {
            if (isRevocationList(content)) {
                into.revocationList();
            } else {
                into.problem(Kind.MALFORMED, "DER that cannot be read, perhaps cut off", CertificateFiles.EXPECTED);
            }
        }
    }

    private static boolean isRevocationList(byte[] content) {
        try {
            CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(content));
            return true;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Where the contents of the outermost element begin. */
    private static int contents(byte[] der) {
        int first = der.length < 2 ? 0 : der[1] & 0xff;
        return 2 + (first < 0x80 ? 0 : first & 0x7f);
    }
}
