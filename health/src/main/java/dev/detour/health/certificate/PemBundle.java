package dev.detour.health.certificate;

import dev.detour.health.certificate.SourceProblem.Kind;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PEM file (RFC 7468) taken apart by label: the JDK refuses a bundle in which a key or a CRL stands among the
 * certificates.
 */
final class PemBundle {
    private static final Pattern BOUNDARY = Pattern.compile("-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----");
    /** OpenSSL's label for a certificate with its trust settings behind it, which the JDK reads past. */
    private static final String TRUSTED = "TRUSTED CERTIFICATE";

    private final FileScan.Builder into;
    private final String prefix;
    private final List<X509Certificate> certificates = new ArrayList<>();
    private final List<String> entries = new ArrayList<>();
    private final List<PrivateKeys.Encoded> keys = new ArrayList<>();
    private int number;

    private PemBundle(FileScan.Builder into, String prefix) {
        this.into = into;
        this.prefix = prefix;
    }

    /**
     * Reads every block of {@code text}.
     *
     * @param prefix put before the number of each certificate to tell where it was
     */
    static void read(String text, String prefix, FileScan.Builder into) {
        PemBundle bundle = new PemBundle(into, prefix);
        bundle.blocks(text);
        bundle.match();
    }

    static boolean looksLike(String text) {
        return text.contains("-----BEGIN ");
    }

    private void blocks(String text) {
        Matcher boundary = BOUNDARY.matcher(text);
        String open = null;
        int start = 0;
        while (boundary.find()) {
            boolean begins = boundary.group(1).equals("BEGIN");
            if (open != null && (begins || !boundary.group(2).equals(open))) {
                unclosed(open);
            } else if (open != null) {
                block(open, text.substring(start, boundary.start()));
            }
            open = begins ? boundary.group(2) : null;
            start = boundary.end();
        }
        if (open != null) {
            unclosed(open);
        }
    }

    private void unclosed(String label) {
        number++;
        into.problem(Kind.MALFORMED, "block " + number + " (" + label + ") is cut off", "-----END " + label + "-----");
    }

    private void block(String label, String body) {
        number++;
        if (label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE") || label.equals(TRUSTED)) {
            certificate(label, body);
        } else if (label.endsWith("PRIVATE KEY")) {
            into.key();
            byte[] der = body.contains("Proc-Type") ? null : decoded(body);
            if (der != null) {
                keys.add(new PrivateKeys.Encoded(label, der));
            }
        } else if (label.endsWith("CRL")) {
            into.revocationList();
        }
    }

    private void certificate(String label, String body) {
        byte[] der = decoded(body);
        if (der == null) {
            into.problem(
                    Kind.MALFORMED, "block " + number + " (" + label + ") is not base64", "a certificate in base64");
            return;
        }
        try {
            certificates.add(x509(der));
            entries.add(prefix + "#" + certificates.size());
        } catch (CertificateException e) {
            into.problem(
                    Kind.MALFORMED,
                    "block " + number + " (" + label + ") cannot be read as a certificate",
                    "X.509 in DER");
        }
    }

    private void match() {
        boolean[] own = new boolean[certificates.size()];
        int readable = 0;
        for (PrivateKeys.Encoded key : keys) {
            for (int i = 0; i < own.length; i++) {
                own[i] |= PrivateKeys.belongs(key, certificates.get(i));
            }
            readable += PrivateKeys.readable(key) ? 1 : 0;
        }
        boolean matched = false;
        for (int i = 0; i < own.length; i++) {
            into.found(new FoundCertificate(certificates.get(i), new Place(into.source(), entries.get(i)), own[i]));
            matched |= own[i];
        }
        if (own.length > 0 && readable > 0 && !matched) {
            into.problem(
                    Kind.KEY_MISMATCH,
                    "a private key that belongs to none of the certificates beside it",
                    "the private key of one of them");
        }
    }

    private static byte @Nullable [] decoded(String body) {
        try {
            return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static X509Certificate x509(byte[] der) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        try {
            return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
        } catch (IllegalArgumentException e) {
            throw new CertificateException("malformed", e);
        }
    }
}
