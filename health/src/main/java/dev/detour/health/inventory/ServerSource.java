package dev.detour.health.inventory;

import dev.detour.health.certificate.CertificateFacts;
import dev.detour.health.certificate.ChainCheck;
import dev.detour.health.certificate.ChainDefect;
import dev.detour.health.certificate.FoundCertificate;
import dev.detour.health.certificate.Place;
import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.certificate.WireProbe;
import dev.detour.health.certificate.WireResult;
import dev.detour.health.certificate.WireTarget;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.health.source.CertificateSource;
import dev.detour.health.source.Look;
import dev.detour.health.source.SourceKind;
import dev.detour.health.tls.TlsReason;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Servers as they answer: the endpoints of a backend, or one that the operator has listed. */
public final class ServerSource implements CertificateSource {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final String name;
    private final SourceKind kind;
    private final Supplier<List<WireTarget>> targets;
    private final @Nullable Supplier<List<X509Certificate>> anchors;
    private final Executor executor;
    private final Clock clock;

    /**
     * A source.
     *
     * @param kind {@link SourceKind#BACKEND} or {@link SourceKind#SERVER}
     * @param targets who is asked, taken anew for each look
     * @param anchors the authorities that their chains should end at, taken anew for each look; null if only
     *     certificates are wanted, and what clients may think of chains is not asked
     * @param executor runs handshakes, several at a time: one that waits should not hold up the others
     */
    public ServerSource(
            String name,
            SourceKind kind,
            Supplier<List<WireTarget>> targets,
            @Nullable Supplier<List<X509Certificate>> anchors,
            Executor executor,
            Clock clock) {
        this.name = name;
        this.kind = kind;
        this.targets = targets;
        this.anchors = anchors;
        this.executor = executor;
        this.clock = clock;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SourceKind kind() {
        return kind;
    }

    @Override
    public Look look() throws InterruptedException {
        WireProbe probe = new WireProbe(anchors == null ? List.of() : anchors.get(), TIMEOUT, clock);
        List<CompletableFuture<WireResult>> running = targets.get().stream()
                .map(target -> CompletableFuture.supplyAsync(() -> probe.probe(target), executor))
                .toList();
        List<FoundCertificate> certificates = new ArrayList<>();
        List<SourceProblem> problems = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (CompletableFuture<WireResult> each : running) {
            try {
                WireResult result = each.get();
                if (result instanceof WireResult.Seen seen) {
                    chain(seen, certificates);
                    if (anchors != null) {
                        defects(seen, findings);
                    }
                } else if (result instanceof WireResult.Failed failed) {
                    problems.add(problem(failed));
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("a probe never fails otherwise than by its result", e);
            }
        }
        return new Look(certificates, problems, findings);
    }

    private static void chain(WireResult.Seen seen, List<FoundCertificate> into) {
        String place = seen.target().toString();
        for (int i = 0; i < seen.chain().size(); i++) {
            into.add(new FoundCertificate(seen.chain().get(i), new Place(place, "#" + (i + 1)), false));
        }
    }

    private void defects(WireResult.Seen seen, List<Finding> into) {
        String place = seen.target().toString();
        ChainCheck check = seen.check();
        for (ChainDefect defect : check.defects()) {
            if (defect.kind() == ChainDefect.Kind.EXPIRED || defect.kind() == ChainDefect.Kind.NOT_YET_VALID) {
                // each certificate is judged by its dates wherever it is
                continue;
            }
            into.add(new Finding(
                    Rule.CHAIN_DEFECT,
                    severity(defect.kind()),
                    name,
                    place + " #" + (defect.index() + 1) + " " + defect.kind().label(),
                    "certificate " + (defect.index() + 1) + " of " + place + " "
                            + defect.kind().label() + ": " + defect.detail()));
        }
        CertificateFacts anchor = check.anchor();
        if (check.anchorExpired() && anchor != null) {
            into.add(new Finding(
                    Rule.CHAIN_DEFECT,
                    Severity.WARNING,
                    name,
                    place + " anchor",
                    "the authority that the chain of " + place + " ends at has expired on " + anchor.notAfter()
                            + ": Java accepts that, other clients do not"));
        }
        if (seen.trouble() != null && !seen.wantsClientCertificate()) {
            into.add(new Finding(
                    Rule.CHAIN_DEFECT,
                    Severity.WARNING,
                    name,
                    place + " handshake",
                    "the handshake with " + place + " fails after the certificates: "
                            + seen.trouble().detail()));
        }
    }

    /** Clients live with what is merely weak or untidy. */
    private static Severity severity(ChainDefect.Kind kind) {
        return switch (kind) {
            case WEAK_KEY, WEAK_SIGNATURE, OUT_OF_ORDER -> Severity.WARNING;
            default -> Severity.CRITICAL;
        };
    }

    private static SourceProblem problem(WireResult.Failed failed) {
        SourceProblem.Kind kind = failed.reason() == TlsReason.TIMEOUT
                ? SourceProblem.Kind.TIMEOUT
                : failed.reason() == TlsReason.REFUSED || failed.reason() == TlsReason.OTHER
                        ? SourceProblem.Kind.UNREACHABLE
                        : SourceProblem.Kind.HANDSHAKE;
        return new SourceProblem(
                kind, failed.target().toString(), failed.reason().label() + ": " + failed.detail(), "a TLS handshake");
    }
}
