package dev.detour.admin.status;

import dev.detour.admin.mode.ModesView;
import dev.detour.config.mode.Drain;
import dev.detour.config.mode.Drains;
import dev.detour.config.mode.Mode;
import dev.detour.health.breaker.BreakerState;
import dev.detour.health.endpoint.Standing;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How bad it is, and why.
 *
 * <p>Critical is what keeps a whole backend from answering (an open breaker, or no endpoint that is up and undrained), and what
 * has expired or soon will have. A warning is everything else that is not as it should be for ever, be it measured or wished.
 *
 * @param status {@code ok}, {@code warning} or {@code critical}
 * @param reasons one sentence each, the critical ones first
 */
record Assessment(String status, List<String> reasons) {
    private static final int FINDINGS_NAMED = 10;

    static Assessment of(
            List<BackendView> backends,
            List<MirrorView> mirrors,
            ModesView modes,
            Drains drains,
            List<Finding> findings) {
        List<String> critical = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (BackendView backend : backends) {
            assess(backend, critical, warnings);
        }
        drains.drains().stream()
                .filter(drain -> backends.stream()
                        .noneMatch(it -> it.backend().equals(drain.backend()) && it.knows(drain.endpoint())))
                .map(Assessment::forgotten)
                .forEach(warnings::add);
        mirrors.stream().filter(mirror -> !mirror.fit()).map(Assessment::unfit).forEach(warnings::add);
        modes.modes().stream()
                .filter(rule -> !rule.mode().equals(Mode.NORMAL.label()))
                .map(Assessment::wished)
                .forEach(warnings::add);
        add(findings, Severity.CRITICAL, critical);
        add(findings, Severity.WARNING, warnings);
        String status = !critical.isEmpty() ? "critical" : !warnings.isEmpty() ? "warning" : "ok";
        return new Assessment(
                status, Stream.concat(critical.stream(), warnings.stream()).toList());
    }

    private static void assess(BackendView backend, List<String> critical, List<String> warnings) {
        String name = "backend " + backend.backend();
        BackendView.Breaker breaker = backend.breaker();
        if (breaker.state().equals(BreakerState.OPEN.label())) {
            critical.add(name + ": the breaker is open since " + breaker.since() + because(breaker.lastFailure())
                    + (breaker.nextTrial() == null ? "" : ", next trial at " + breaker.nextTrial()));
        } else if (breaker.state().equals(BreakerState.HALF_OPEN.label())) {
            warnings.add(name + ": the breaker is half open since " + breaker.since() + because(breaker.lastFailure()));
        }
        if (backend.endpoints().isEmpty()) {
            critical.add(name + " has no endpoint that is up and undrained, because none has an address");
        } else if (backend.usable() == 0) {
            critical.add(name + " has no endpoint that is up and undrained since " + allUnusableSince(backend));
        }
        backend.endpoints().forEach(endpoint -> assess(backend, endpoint, warnings));
        backend.unresolved()
                .forEach((host, reason) -> warnings.add(name + ": " + host + " is not resolved: " + reason));
    }

    /** Of many, the first: the rest is what {@code detour certs} and {@code detour crl} are for. */
    private static void add(List<Finding> findings, Severity severity, List<String> into) {
        List<Finding> such =
                findings.stream().filter(each -> each.severity() == severity).toList();
        such.stream()
                .limit(FINDINGS_NAMED)
                .map(each -> each.source() + ": " + each.text())
                .forEach(into::add);
        if (such.size() > FINDINGS_NAMED) {
            into.add((such.size() - FINDINGS_NAMED) + " more " + severity.label()
                    + " findings of certificates and revocation lists");
        }
    }

    private static String ending(EndpointView endpoint) {
        EndpointView.CertificateView certificate = endpoint.certificate();
        boolean ends = certificate != null && endpoint.standing().equals(Standing.EXPIRING.label());
        return ends && certificate != null ? ", because its certificate ends: " + certificate.text() : "";
    }

    private static void assess(BackendView backend, EndpointView endpoint, List<String> warnings) {
        String name = "endpoint " + endpoint.endpoint() + " of backend " + backend.backend();
        if (!endpoint.up()) {
            warnings.add(name + " is " + endpoint.standing() + " since " + endpoint.since()
                    + (endpoint.ejectedUntil() == null ? "" : " until " + endpoint.ejectedUntil())
                    + because(endpoint.failure())
                    + ending(endpoint));
        }
        EndpointView.DrainView drain = endpoint.drain();
        if (drain != null) {
            warnings.add(name + " is drained" + (drain.as().equals(endpoint.endpoint()) ? "" : " as " + drain.as())
                    + " since " + drain.since() + reason(drain.reason()));
        }
    }

    private static @Nullable Instant allUnusableSince(BackendView backend) {
        return backend.endpoints().stream()
                .map(EndpointView::unusableSince)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
    }

    private static String forgotten(Drain drain) {
        return "endpoint " + drain.endpoint() + " of backend " + drain.backend() + " is drained since " + drain.since()
                + reason(drain.reason()) + ", but no such endpoint is there now";
    }

    private static String unfit(MirrorView mirror) {
        return "mirror " + mirror.mirror() + " is not fit to serve: " + mirror.detail();
    }

    private static String wished(ModesView.RuleView rule) {
        String place = rule.route() != null
                ? "for route " + rule.route()
                : rule.backend() != null ? "for backend " + rule.backend() : "everywhere";
        return "mode " + rule.mode() + " " + place + " since " + rule.since()
                + (rule.until() == null ? "" : " until " + rule.until()) + reason(rule.reason());
    }

    private static String because(@Nullable FailureView failure) {
        return failure == null ? "" : ": " + failure;
    }

    private static String reason(@Nullable String reason) {
        return reason == null ? "" : " (\"" + reason + "\")";
    }
}
