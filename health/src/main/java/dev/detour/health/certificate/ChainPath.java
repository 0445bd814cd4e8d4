package dev.detour.health.certificate;

import dev.detour.health.certificate.ChainDefect.Kind;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from a leaf over the certificates sent with it to a trust anchor, as far as it goes.
 *
 * @param indices of the certificates used, in the chain as sent, leaf first
 * @param anchor null if the way ends before one
 * @param broken what stops it; null if there is an anchor
 */
record ChainPath(
        List<Integer> indices,
        @Nullable X509Certificate anchor,
        @Nullable ChainDefect broken) {

    static ChainPath find(List<X509Certificate> chain, Collection<X509Certificate> anchors) {
        List<Integer> indices = new ArrayList<>(List.of(0));
        while (true) {
            X509Certificate last = chain.get(indices.get(indices.size() - 1));
            X509Certificate anchor = anchor(last, anchors);
            if (anchor != null) {
                return new ChainPath(indices, anchor, null);
            }
            int next = issuer(chain, last, indices);
            if (next < 0) {
                return new ChainPath(indices, null, broken(chain, indices, anchors));
            }
            indices.add(next);
        }
    }

    private static @Nullable X509Certificate anchor(X509Certificate last, Collection<X509Certificate> anchors) {
        for (X509Certificate anchor : anchors) {
            boolean itself = anchor.getSubjectX500Principal().equals(last.getSubjectX500Principal())
                    && anchor.getPublicKey().equals(last.getPublicKey());
            if (itself || issued(anchor, last)) {
                return anchor;
            }
        }
        return null;
    }

    private static int issuer(List<X509Certificate> chain, X509Certificate last, List<Integer> used) {
        for (int i = 0; i < chain.size(); i++) {
            if (!used.contains(i) && !chain.get(i).equals(last) && issued(chain.get(i), last)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean issued(X509Certificate issuer, X509Certificate certificate) {
        return named(issuer, certificate) && CertificateFacts.signedBy(certificate, issuer.getPublicKey());
    }

    private static boolean named(X509Certificate issuer, X509Certificate certificate) {
        return issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static ChainDefect broken(
            List<X509Certificate> chain, List<Integer> indices, Collection<X509Certificate> anchors) {
        int index = indices.get(indices.size() - 1);
        X509Certificate last = chain.get(index);
        String issuer = CertificateFacts.printable(last.getIssuerX500Principal().getName());
        if (CertificateFacts.signsItself(last)) {
            return new ChainDefect(Kind.UNTRUSTED, index, "ends at " + issuer + ", which is not trusted");
        }
        boolean forged = anchors.stream().anyMatch(anchor -> named(anchor, last))
                || chain.stream().anyMatch(each -> named(each, last));
        return forged
                ? new ChainDefect(
                        Kind.UNTRUSTED, index, "names " + issuer + " as its issuer, whose key did not sign it")
                : new ChainDefect(
                        Kind.MISSING_INTERMEDIATE,
                        index,
                        "was issued by " + issuer + ", which is neither sent along nor trusted");
    }

    /** Whether the certificates were sent in the order of the path; more may follow. */
    boolean inOrder() {
        for (int i = 0; i < indices.size(); i++) {
            if (indices.get(i) != i) {
                return false;
            }
        }
        return true;
    }
}
