package dev.detour.config;

import static dev.detour.config.EffectiveConfig.duration;
import static dev.detour.config.EffectiveConfig.ordered;

import dev.detour.config.BackendConfig.Balance;
import dev.detour.config.BackendConfig.Breaker;
import dev.detour.config.BackendConfig.Endpoint;
import dev.detour.config.BackendConfig.Outlier;
import dev.detour.config.BackendConfig.Overload;
import dev.detour.config.BackendConfig.Probe;
import dev.detour.config.BackendConfig.ProbeKind;
import dev.detour.config.BackendConfig.Revocation;
import dev.detour.config.BackendConfig.StatusRange;
import dev.detour.config.BackendConfig.Timeouts;
import dev.detour.config.BackendConfig.Tls;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One entry of {@code backends}, as it would be written with every default filled in. */
final class EffectiveBackend {
    private EffectiveBackend() {}

    static Map<String, Object> tree(BackendConfig backend) {
        Map<String, Object> tls = tls(backend.tls());
        Probe probe = backend.probe();
        return ordered(
                "endpoints",
                backend.endpoints().stream().map(EffectiveBackend::endpoint).toList(),
                "tls",
                tls.isEmpty() ? null : tls,
                "timeouts",
                timeouts(backend.timeouts()),
                "deadline",
                duration(backend.deadline()),
                "divert-after",
                duration(backend.divertAfter()),
                "probe",
                probe == null ? null : probe(probe),
                "breaker",
                breaker(backend.breaker()),
                "outlier",
                outlier(backend.outlier()),
                "balance",
                balance(backend.balance()),
                "overload",
                overload(backend.overload()),
                "retry",
                ordered(
                        "attempts", backend.retry().attempts(),
                        "budget", Units.formatShare(backend.retry().budget())),
                "hold-up-to",
                Units.formatSize(backend.holdUpTo()));
    }

    private static Object endpoint(Endpoint endpoint) {
        boolean plain = endpoint.equals(new Endpoint(endpoint.secure(), endpoint.address()));
        return plain
                ? endpoint.toString()
                : ordered(
                        "url", endpoint.toString(),
                        "weight", endpoint.weight(),
                        "priority", endpoint.priority(),
                        "zone", endpoint.zone());
    }

    private static Map<String, Object> tls(Tls tls) {
        return ordered(
                "trust", tls.trust(),
                "certificate", tls.certificate(),
                "key", tls.key(),
                "server-name", tls.serverName(),
                "revocation", revocation(tls.revocation()));
    }

    private static @Nullable Map<String, Object> revocation(@Nullable Revocation revocation) {
        return revocation == null
                ? null
                : ordered(
                        "crls", EffectiveConfig.texts(revocation.crls()),
                        "issuers", revocation.issuers(),
                        "stale", revocation.stale().label(),
                        "unknown", revocation.unknown().label(),
                        "every", Units.format(revocation.every()));
    }

    private static Map<String, Object> timeouts(Timeouts timeouts) {
        return ordered(
                "connect", Units.format(timeouts.connect()),
                "handshake", Units.format(timeouts.handshake()),
                "first-byte", Units.format(timeouts.firstByte()),
                "between-bytes", Units.format(timeouts.betweenBytes()));
    }

    private static Map<String, Object> probe(Probe probe) {
        boolean http = probe.kind() == ProbeKind.HTTP;
        return ordered(
                "kind", probe.kind().label(),
                "path", http ? probe.path() : null,
                "status",
                        http
                                ? probe.statuses().stream()
                                        .map(EffectiveBackend::status)
                                        .toList()
                                : null,
                "body", http ? probe.body() : null,
                "every", Units.format(probe.every()),
                "timeout", Units.format(probe.timeout()),
                "up-after", probe.upAfter(),
                "down-after", probe.downAfter());
    }

    /* A number without quotes, as one would write it. */
    private static Object status(StatusRange status) {
        return status.first() == status.last() ? (Object) status.first() : status.toString();
    }

    private static Map<String, Object> breaker(Breaker breaker) {
        return ordered(
                "window", breaker.window(),
                "minimum-calls", breaker.minimumCalls(),
                "failure-rate", Units.formatShare(breaker.failureRate()),
                "slow-call", Units.format(breaker.slowCall()),
                "slow-rate", Units.formatShare(breaker.slowRate()),
                "open-for", Units.format(breaker.openFor()),
                "trial-calls", breaker.trialCalls(),
                "ramp", Units.formatSpan(breaker.ramp()));
    }

    private static Map<String, Object> outlier(Outlier outlier) {
        return ordered(
                "consecutive", outlier.consecutive(),
                "failure-rate", Units.formatShare(outlier.failureRate()),
                "minimum-calls", outlier.minimumCalls(),
                "slow-factor", outlier.slowFactor(),
                "interval", Units.format(outlier.interval()),
                "eject-for", Units.format(outlier.ejectFor()),
                "eject-at-most", Units.format(outlier.ejectAtMost()),
                "max-ejected", Units.formatShare(outlier.maxEjected()));
    }

    private static Map<String, Object> balance(Balance balance) {
        return ordered(
                "policy", balance.policy().label(),
                "panic-below", Units.formatShare(balance.panicBelow()),
                "slow-start", Units.formatSpan(balance.slowStart()),
                "drain-margin", Units.formatSpan(balance.drainMargin()));
    }

    private static Map<String, Object> overload(Overload overload) {
        boolean adaptive = overload.adaptive();
        return ordered(
                "connections",
                overload.connections(),
                "limit",
                adaptive ? "adaptive" : (Object) overload.maximum(),
                "minimum",
                adaptive ? overload.minimum() : null,
                "maximum",
                adaptive ? overload.maximum() : null,
                "queue",
                overload.queue(),
                "queue-time",
                Units.format(overload.queueTime()),
                "json-per-client",
                positive(overload.jsonPerClient()),
                "json-burst",
                overload.jsonPerClient() == 0 ? null : overload.jsonBurst());
    }

    private static @Nullable Integer positive(int number) {
        return number > 0 ? Integer.valueOf(number) : null;
    }
}
