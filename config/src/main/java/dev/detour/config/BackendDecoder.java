package dev.detour.config;

import dev.detour.config.BackendConfig.Balance;
import dev.detour.config.BackendConfig.Breaker;
import dev.detour.config.BackendConfig.Doubt;
import dev.detour.config.BackendConfig.Endpoint;
import dev.detour.config.BackendConfig.Outlier;
import dev.detour.config.BackendConfig.Policy;
import dev.detour.config.BackendConfig.Retry;
import dev.detour.config.BackendConfig.Revocation;
import dev.detour.config.BackendConfig.Timeouts;
import dev.detour.config.BackendConfig.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code backends}. */
final class BackendDecoder {
    private static final Notation<Integer> COUNT = Notation.number(1, Integer.MAX_VALUE);
    private static final Notation<Integer> SLOW_FACTOR = Notation.number(2, Integer.MAX_VALUE);
    private static final Notation<Doubt> DOUBT = Notation.oneOf(Doubt.values(), Doubt::label);
    private static final Notation<Policy> POLICY = Notation.oneOf(Policy.values(), Policy::label);
    private static final Order<Integer> WITHIN_WINDOW = Order.atMost("minimum-calls", "window", String::valueOf);
    private static final Order<Duration> EJECTIONS = Order.atMost("eject-for", "eject-at-most", Units::format);
    private static final Order<Duration> BEFORE_DEADLINE = Order.below("divert-after", "deadline", Units::format);

    private final Section section;

    BackendDecoder(Section section) {
        this.section = section;
    }

    BackendConfig decode(String name) {
        List<Endpoint> endpoints = EndpointDecoder.decode(section);
        Duration deadline = section.find("deadline", Notation.DURATION);
        Duration divertAfter = section.find("divert-after", Notation.DURATION);
        checkDeadlines(section, divertAfter, deadline);
        return new BackendConfig(
                name,
                endpoints,
                tls(endpoints),
                timeouts(),
                ProbeDecoder.decode(section, endpoints),
                breaker(),
                outlier(),
                balance(),
                OverloadDecoder.decode(section),
                retry(),
                section.get("hold-up-to", Notation.SIZE),
                deadline,
                divertAfter);
    }

    /** Reports a time to divert that never comes because the deadline of the same requests is not after it. */
    static void checkDeadlines(Section section, @Nullable Duration divertAfter, @Nullable Duration deadline) {
        if (divertAfter != null && deadline != null) {
            BEFORE_DEADLINE.check(section, divertAfter, deadline);
        }
    }

    private Tls tls(List<Endpoint> endpoints) {
        Section tls = section.child("tls");
        if (tls == null) {
            return new Tls(null, null, null, null);
        }
        if (!endpoints.isEmpty() && endpoints.stream().noneMatch(Endpoint::secure)) {
            section.problem("tls", "present", "no tls for http endpoints; https:// in endpoints turns TLS on");
        }
        Path trust = FileCheck.readable(tls, "trust", "PEM certificates of the authorities to trust");
        Path certificate = FileCheck.readable(tls, "certificate", "PEM chain of the client certificate");
        Path key = FileCheck.readable(tls, "key", "PEM private key of the client certificate");
        requireTogether(tls, "certificate", "key");
        requireTogether(tls, "key", "certificate");
        boolean both = certificate != null && key != null;
        return new Tls(
                trust,
                both ? certificate : null,
                both ? key : null,
                tls.find("server-name", Notation.HOST),
                revocation(tls.child("revocation")));
    }

    private static @Nullable Revocation revocation(@Nullable Section revocation) {
        if (revocation == null) {
            return null;
        }
        String expected = "a list with at least one path of a CRL";
        List<Path> crls = revocation.files("crls", expected);
        if (crls.isEmpty() && revocation.isEmpty("crls")) {
            revocation.problem("crls", "empty", expected);
        }
        return new Revocation(
                crls,
                FileCheck.readable(revocation, "issuers", "PEM certificates of the authorities that sign the CRLs"),
                revocation.get("stale", DOUBT),
                revocation.get("unknown", DOUBT),
                revocation.get("every", Notation.DURATION));
    }

    private static void requireTogether(Section tls, String present, String other) {
        if (tls.has(present) && !tls.has(other)) {
            tls.problem(other, "missing", "a path, because " + present + " is set: the two only make sense together");
        }
    }

    private Timeouts timeouts() {
        Section timeouts = section.childOrEmpty("timeouts");
        return new Timeouts(
                timeouts.get("connect", Notation.DURATION),
                timeouts.get("handshake", Notation.DURATION),
                timeouts.get("first-byte", Notation.DURATION),
                timeouts.get("between-bytes", Notation.DURATION));
    }

    private Breaker breaker() {
        Section breaker = section.childOrEmpty("breaker");
        int window = breaker.get("window", COUNT);
        int minimum = breaker.get("minimum-calls", COUNT);
        WITHIN_WINDOW.check(breaker, minimum, window);
        return new Breaker(
                window,
                minimum,
                breaker.get("failure-rate", Notation.SHARE),
                breaker.get("slow-call", Notation.DURATION),
                breaker.get("slow-rate", Notation.SHARE),
                breaker.get("open-for", Notation.DURATION),
                breaker.get("trial-calls", COUNT),
                breaker.get("ramp", Notation.SPAN));
    }

    private Outlier outlier() {
        Section outlier = section.childOrEmpty("outlier");
        Duration ejectFor = outlier.get("eject-for", Notation.DURATION);
        Duration ejectAtMost = outlier.get("eject-at-most", Notation.DURATION);
        EJECTIONS.check(outlier, ejectFor, ejectAtMost);
        return new Outlier(
                outlier.get("consecutive", COUNT),
                outlier.get("failure-rate", Notation.SHARE),
                outlier.get("minimum-calls", COUNT),
                outlier.get("slow-factor", SLOW_FACTOR),
                outlier.get("interval", Notation.DURATION),
                ejectFor,
                ejectAtMost,
                outlier.get("max-ejected", Notation.SHARE));
    }

    private Balance balance() {
        Section balance = section.childOrEmpty("balance");
        return new Balance(
                balance.get("policy", POLICY),
                balance.get("panic-below", Notation.SHARE),
                balance.get("slow-start", Notation.SPAN),
                balance.get("drain-margin", Notation.SPAN));
    }

    private Retry retry() {
        Section retry = section.childOrEmpty("retry");
        return new Retry(retry.get("attempts", COUNT), retry.get("budget", Notation.SHARE));
    }
}
