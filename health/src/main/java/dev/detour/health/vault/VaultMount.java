package dev.detour.health.vault;

import dev.detour.health.certificate.CertificateFacts;
import dev.detour.health.certificate.FoundCertificate;
import dev.detour.health.certificate.Place;
import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.certificate.SourceProblem.Kind;
import dev.detour.health.crl.CrlSource;
import dev.detour.health.crl.CrlTerms;
import dev.detour.health.crl.CrlUrlSource;
import dev.detour.health.crl.WatchedCrl;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.health.source.CertificateSource;
import dev.detour.health.source.Look;
import dev.detour.health.source.SourceKind;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One PKI mount. Its authorities and its CRL can be read by anybody; how it is set and tidied takes a token that may read.
 *
 * <p>Nothing is ever written: asking Vault to rotate or to tidy is not for who watches.
 */
public final class VaultMount implements CertificateSource {
    private static final Duration TOKEN_ENDS = Duration.ofDays(7);
    private static final double TOKEN_SHARE = 0.1;

    private final VaultSettings settings;
    private final VaultClient client;
    private final Clock clock;
    private volatile List<X509Certificate> authorities = List.of();
    private volatile @Nullable VaultState state;

    /** A mount that is asked when it is looked at. */
    public VaultMount(VaultSettings settings, Clock clock) {
        this.settings = settings;
        this.client = new VaultClient(settings);
        this.clock = clock;
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public SourceKind kind() {
        return SourceKind.VAULT;
    }

    /** How it is set, as far as the last look could see; null if it could not. */
    public @Nullable VaultState state() {
        return state;
    }

    /** Its CRL, signed by the authorities that the last look saw, and measured against what it has issued. */
    public WatchedCrl crl() {
        CrlSource source =
                new CrlUrlSource(name(), client.at(inNamespace() + settings.mount() + "/crl"), settings.trust());
        return new WatchedCrl(source, () -> authorities, this::terms);
    }

    /** A namespace may stand in the path as well as in a header, which a download does not have. */
    private String inNamespace() {
        return settings.namespace() == null ? "" : settings.namespace() + "/";
    }

    private CrlTerms terms() {
        VaultState known = state;
        return new CrlTerms(settings.limit(), null, known == null ? null : known.live(), true);
    }

    @Override
    public Look look() throws InterruptedException {
        HttpClient http = client.http();
        Seeing seeing = new Seeing(http);
        if (seeing.sealed()) {
            return seeing.seen();
        }
        seeing.authorities();
        seeing.settings();
        return seeing.seen();
    }

    /** One look. Each question stands for itself: that one is not answered hides nothing else. */
    private final class Seeing {
        private final HttpClient http;
        private final List<FoundCertificate> certificates = new ArrayList<>();
        private final List<SourceProblem> problems = new ArrayList<>();
        private final List<Finding> findings = new ArrayList<>();

        Seeing(HttpClient http) {
            this.http = http;
        }

        Look seen() {
            return new Look(certificates, problems, findings);
        }

        /** Whether there is no use in asking anything else. */
        boolean sealed() throws InterruptedException {
            try {
                JsonNode status = client.json(http, "sys/seal-status", null);
                if (status != null && status.path("sealed").asBoolean(false)) {
                    problems.add(new SourceProblem(Kind.SEALED, name(), "Vault is sealed", "an unsealed Vault"));
                    return true;
                }
                return false;
            } catch (VaultRefusal e) {
                Kind kind = e.problem().kind();
                if (kind == Kind.UNREACHABLE || kind == Kind.TIMEOUT || kind == Kind.HANDSHAKE) {
                    problems.add(new SourceProblem(
                            kind, name(), e.problem().found(), e.problem().expected()));
                    return true;
                }
                // a proxy before Vault may hide it: the mount itself will tell
                return false;
            }
        }

        void authorities() throws InterruptedException {
            String path = settings.mount() + "/ca_chain";
            try {
                byte[] chain = client.open(http, path);
                byte[] found =
                        chain == null || chain.length == 0 ? client.open(http, settings.mount() + "/ca/pem") : chain;
                if (found == null || found.length == 0) {
                    problems.add(new SourceProblem(
                            Kind.MISSING,
                            name() + "/" + path,
                            "no certificate",
                            "a PKI mount at " + settings.mount() + " that has an authority"));
                    return;
                }
                take(path, found);
            } catch (VaultRefusal e) {
                problems.add(e.problem());
            }
        }

        private void take(String path, byte[] pem) {
            try {
                List<X509Certificate> chain = new ArrayList<>();
                for (Certificate each :
                        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                    chain.add((X509Certificate) each);
                }
                for (int i = 0; i < chain.size(); i++) {
                    certificates.add(
                            new FoundCertificate(chain.get(i), new Place(name() + "/" + path, "#" + (i + 1)), false));
                }
                authorities = List.copyOf(chain);
            } catch (CertificateException e) {
                problems.add(new SourceProblem(
                        Kind.MALFORMED, name() + "/" + path, "no certificates in PEM", "the chain of the authority"));
            }
        }

        void settings() throws InterruptedException {
            String token;
            try {
                token = client.token();
            } catch (VaultRefusal e) {
                problems.add(e.problem());
                return;
            }
            if (token == null) {
                return;
            }
            String mount = settings.mount();
            VaultState seen = VaultState.of(
                    ask(mount + "/config/crl", token),
                    ask(mount + "/config/auto-tidy", token),
                    ask(mount + "/tidy-status", token));
            state = seen;
            findings.addAll(VaultLint.of(settings, seen, clock.instant()));
            token(ask("auth/token/lookup-self", token));
        }

        private JsonNode ask(String path, String token) throws InterruptedException {
            try {
                JsonNode answer = client.json(http, path, token);
                return answer == null ? JsonNodeFactory.instance.objectNode() : answer;
            } catch (VaultRefusal e) {
                problems.add(e.problem());
                return JsonNodeFactory.instance.objectNode();
            }
        }

        /** A watcher whose token has ended sees nothing, and nobody else would tell. */
        private void token(JsonNode self) {
            long left = self.path("ttl").asLong(0);
            long whole = self.path("creation_ttl").asLong(0);
            if (left <= 0 || whole <= 0) {
                // it never ends, or it may not be looked at
                return;
            }
            boolean renewable = self.path("renewable").asBoolean(false);
            boolean soon = left < whole * TOKEN_SHARE || (!renewable && left < TOKEN_ENDS.toSeconds());
            if (soon) {
                Instant ends = clock.instant().plusSeconds(left);
                findings.add(new Finding(
                        Rule.SOURCE_BLIND,
                        Severity.WARNING,
                        name(),
                        "token",
                        "the token for Vault in " + settings.tokenFile() + " ends on " + ends
                                + (renewable ? "" : " and cannot be renewed")));
            }
        }
    }

    @Override
    public String toString() {
        return CertificateFacts.printable(settings.url() + " " + settings.mount());
    }
}
