package dev.detour.health.certificate;

import dev.detour.health.certificate.ChainDefect.Kind;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is wrong with a server's chain at one moment. A handshake names only the first thing it meets: a chain that
 * has expired and is not trusted is merely untrusted to it.
 *
 * @param defects in the order of the chain; empty if a client that trusts the anchors accepts it
 * @param weakest the certificate of the chain that ends first; the anchor, if it was sent, left out
 * @param anchor where the chain ends; null if it is not trusted. Its dates are not checked by clients in Java, but by
 *     others: look at {@link #anchorExpired}
 * @param anchorExpired whether the anchor's own last moment has passed
 */
public record ChainCheck(
        List<ChainDefect> defects,
        CertificateFacts weakest,
        @Nullable CertificateFacts anchor,
        boolean anchorExpired) {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final int LEAST_RSA = 2048;
    private static final int LEAST_EC = 224;

    public ChainCheck {
        defects = List.copyOf(defects);
    }

    /**
     * Checks a chain.
     *
     * @param chain as sent, leaf first
     * @param anchors the trusted authorities
     * @param host the name or address that was asked for; null if names do not matter
     * @throws IllegalArgumentException if the chain is empty
     */
    public static ChainCheck of(
            List<X509Certificate> chain, Collection<X509Certificate> anchors, @Nullable String host, Instant at) {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain: empty (expected: at least the server's certificate)");
        }
        ChainPath path = ChainPath.find(chain, anchors);
        List<ChainDefect> defects = new ArrayList<>();
        List<CertificateFacts> links = new ArrayList<>();
        for (int i = 0; i < chain.size(); i++) {
            if (i > 0 && chain.get(i).equals(path.anchor())) {
                continue;
            }
            CertificateFacts facts = CertificateFacts.of(chain.get(i));
            links.add(facts);
            dates(facts, i, at, defects);
            strength(chain.get(i), facts, i, defects);
        }
        leaf(chain.get(0), links.get(0), host, defects);
        path(chain, path, at, defects);
        defects.sort(Comparator.comparingInt(ChainDefect::index).thenComparing(ChainDefect::kind));
        CertificateFacts anchor = path.anchor() == null ? null : CertificateFacts.of(path.anchor());
        return new ChainCheck(
                defects,
                links.stream()
                        .min(Comparator.comparing(CertificateFacts::notAfter))
                        .orElseThrow(),
                anchor,
                anchor != null && at.isAfter(anchor.notAfter()));
    }

    /** Whether there is a defect of that kind. */
    public boolean has(Kind kind) {
        return defects.stream().anyMatch(defect -> defect.kind() == kind);
    }

    private static void dates(CertificateFacts facts, int index, Instant at, List<ChainDefect> defects) {
        if (at.isAfter(facts.notAfter())) {
            defects.add(new ChainDefect(Kind.EXPIRED, index, name(facts) + " expired on " + facts.notAfter()));
        }
        if (at.isBefore(facts.notBefore())) {
            defects.add(new ChainDefect(Kind.NOT_YET_VALID, index, name(facts) + " begins on " + facts.notBefore()));
        }
    }

    private static void strength(
            X509Certificate certificate, CertificateFacts facts, int index, List<ChainDefect> defects) {
        boolean rsa = facts.keyAlgorithm().equals("RSA") || facts.keyAlgorithm().equals("DSA");
        boolean curve = certificate.getPublicKey() instanceof ECPublicKey;
        if ((rsa && facts.keyBits() < LEAST_RSA) || (curve && facts.keyBits() < LEAST_EC)) {
            defects.add(new ChainDefect(
                    Kind.WEAK_KEY,
                    index,
                    name(facts) + " has a key of " + facts.keyAlgorithm() + " " + facts.keyBits() + " bits (at least "
                            + (rsa ? LEAST_RSA : LEAST_EC) + ")"));
        }
        String algorithm = facts.signatureAlgorithm().toUpperCase(Locale.ROOT);
        boolean weak = algorithm.startsWith("MD2") || algorithm.startsWith("MD5") || algorithm.startsWith("SHA1WITH");
        // nobody relies on what a root says of itself
        boolean root = facts.authority() && facts.selfSigned();
        if (weak && !root) {
            defects.add(new ChainDefect(
                    Kind.WEAK_SIGNATURE, index, name(facts) + " is signed with " + facts.signatureAlgorithm()));
        }
    }

    private static void leaf(
            X509Certificate leaf, CertificateFacts facts, @Nullable String host, List<ChainDefect> defects) {
        if (host != null && !HostNames.match(leaf, host)) {
            String names = facts.names().isEmpty() ? "no host" : String.join(", ", facts.names());
            defects.add(new ChainDefect(
                    Kind.HOSTNAME_MISMATCH,
                    0,
                    "is for " + CertificateFacts.printable(names) + ", not for " + CertificateFacts.printable(host)));
        }
        Set<String> usages = Set.copyOf(facts.usages());
        if (!usages.isEmpty() && !usages.contains(SERVER_AUTH) && !usages.contains(ANY_USAGE)) {
            defects.add(new ChainDefect(Kind.WRONG_USAGE, 0, name(facts) + " may not be used by servers"));
        }
    }

    private static void path(List<X509Certificate> chain, ChainPath path, Instant at, List<ChainDefect> defects) {
        if (!path.inOrder()) {
            defects.add(new ChainDefect(
                    Kind.OUT_OF_ORDER, path.indices().get(1), "each certificate should be followed by its issuer"));
        }
        if (path.broken() != null) {
            defects.add(path.broken());
        } else if (path.anchor() != null && defects.stream().allMatch(defect -> defect.kind() == Kind.OUT_OF_ORDER)) {
            List<X509Certificate> used = path.indices().stream().map(chain::get).toList();
            String refused = refusal(used, path.anchor(), at);
            if (refused != null) {
                defects.add(new ChainDefect(Kind.UNTRUSTED, 0, "is no valid path: " + refused));
            }
        }
    }

    /** What is left for the JDK to find: authorities that are none, path lengths, name constraints, unknown extensions. */
    private static @Nullable String refusal(List<X509Certificate> used, X509Certificate anchor, Instant at) {
        if (used.get(used.size() - 1).equals(anchor)) {
            used = used.subList(0, used.size() - 1);
        }
        try {
            CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(used);
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return null;
        } catch (CertPathValidatorException e) {
            return CertificateFacts.printable(String.valueOf(e.getMessage()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK can check a path", e);
        }
    }

    private static String name(CertificateFacts facts) {
        return CertificateFacts.printable(facts.subject());
    }
}
