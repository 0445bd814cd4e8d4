package dev.detour.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A named set of endpoints with the same content.
 *
 * @param name unique among backends
 * @param endpoints at least one; all http or all https
 * @param tls how https endpoints are verified; defaults to the JDK's trust store and the endpoint's host name
 * @param timeouts limits of one attempt
 * @param probe active health check, or null for none
 * @param breaker when traffic leaves this backend
 * @param outlier when a single endpoint gets no traffic although the backend does
 * @param balance which endpoint is asked
 * @param overload how much is asked at a time
 * @param retry how often, and with what share of the load, another endpoint is tried
 * @param holdUpTo bytes: a GET answer with a known length up to this is held until it is complete, and of one of unknown
 *     length this much, so that a body that breaks midway can still be answered from elsewhere; 0 holds nothing
 * @param deadline until an answer must have begun, all attempts together, or null for no such limit
 * @param divertAfter if the backend has not begun to answer by then and a fallback has an answer, that is given; or null
 */
public record BackendConfig(
        String name,
        List<Endpoint> endpoints,
        Tls tls,
        Timeouts timeouts,
        @Nullable Probe probe,
        Breaker breaker,
        Outlier outlier,
        Balance balance,
        Overload overload,
        Retry retry,
        long holdUpTo,
        @Nullable Duration deadline,
        @Nullable Duration divertAfter) {

    public BackendConfig {
        endpoints = List.copyOf(endpoints);
    }

    /**
     * One place where a backend is reached: {@code http://host:port} or {@code https://host:port}. A host name stands for all
     * its addresses.
     *
     * @param weight share of the traffic beside the other endpoints' weights; at least 1
     * @param priority tier: 0 gets all traffic while enough of its endpoints are healthy, then 1, and so on
     * @param zone where it is, or null if nobody said
     */
    public record Endpoint(
            boolean secure,
            HostPort address,
            int weight,
            int priority,
            @Nullable String zone) {
        /** An endpoint of weight 1 in the first tier. */
        public Endpoint(boolean secure, HostPort address) {
            this(secure, address, 1, 0, null);
        }

        @Override
        public String toString() {
            return (secure ? "https://" : "http://") + address;
        }
    }

    /**
     * TLS towards the backend.
     *
     * @param trust PEM file of the only authorities trusted, or null for the JDK's
     * @param certificate PEM chain of our client certificate, or null
     * @param key PEM private key of the client certificate; present exactly when {@code certificate} is
     * @param serverName name sent as SNI and checked against the certificate, or null for the endpoint's host
     * @param revocation what is looked up about the certificates of servers, or null for nothing
     */
    public record Tls(
            @Nullable Path trust,
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable String serverName,
            @Nullable Revocation revocation) {
        /** TLS that does not ask whether certificates were revoked. */
        public Tls(@Nullable Path trust, @Nullable Path certificate, @Nullable Path key, @Nullable String serverName) {
            this(trust, certificate, key, serverName, null);
        }
    }

    /**
     * CRLs that the certificates of servers are looked up in. What one of them lists is refused, whatever its age.
     *
     * @param crls files in PEM or DER, one CRL in each; at least one
     * @param issuers PEM file of authorities that sign CRLs and are not trusted by themselves, or null for none
     * @param stale what becomes of certificates whose issuer's CRLs are all past their next update
     * @param unknown what becomes of certificates whose issuer has no CRL here
     * @param every how often the files are looked at
     */
    public record Revocation(List<Path> crls, @Nullable Path issuers, Doubt stale, Doubt unknown, Duration every) {
        public Revocation {
            crls = List.copyOf(crls);
        }
    }

    /** What becomes of a certificate of which nobody can tell whether it was revoked. */
    public enum Doubt {
        ACCEPT,
        REFUSE;

        /** The word in the configuration. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Limits of one attempt; all positive.
     *
     * @param connect until the TCP connection stands
     * @param handshake until the TLS handshake is done
     * @param firstByte from the request sent until an answer can be committed
     * @param betweenBytes longest silence inside a body, either way
     */
    public record Timeouts(Duration connect, Duration handshake, Duration firstByte, Duration betweenBytes) {}

    /**
     * Active health check of each endpoint, each time over a fresh connection and, where it is TLS, a full handshake.
     *
     * @param kind what is tried
     * @param path what is asked for; used by {@link ProbeKind#HTTP} only
     * @param statuses statuses of a healthy answer; HTTP only
     * @param body text that a healthy answer contains in its first 64 KiB, or null for any; HTTP only
     * @param every mean time between two probes of an endpoint
     * @param timeout for the whole probe
     * @param upAfter good probes in a row that bring an endpoint back
     * @param downAfter bad probes in a row that take it out
     */
    public record Probe(
            ProbeKind kind,
            String path,
            List<StatusRange> statuses,
            @Nullable String body,
            Duration every,
            Duration timeout,
            int upAfter,
            int downAfter) {
        public Probe {
            statuses = List.copyOf(statuses);
        }
    }

    /** What a probe tries. */
    public enum ProbeKind {
        /** A TCP connection, a TLS handshake if the endpoint is https, a GET and its answer. */
        HTTP,
        /** A TCP connection and no more. */
        TCP,
        /** A TCP connection and a verified TLS handshake. */
        TLS;

        /** The word in the configuration. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** HTTP statuses from {@code first} to {@code last}, both included. */
    public record StatusRange(int first, int last) {
        /** Whether {@code status} is one of them. */
        public boolean contains(int status) {
            return first <= status && status <= last;
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    /**
     * The circuit breaker.
     *
     * @param window calls looked at
     * @param minimumCalls calls needed before a verdict; at most {@code window}
     * @param failureRate share (0..1] of failed calls that opens it
     * @param slowCall a call longer than this counts as slow
     * @param slowRate share (0..1] of slow calls that opens it
     * @param openFor how long it stays open before trial calls
     * @param trialCalls calls let through to decide whether it closes
     * @param ramp once it has closed, the share of reads that go to the backend grows over this time, as long as a fallback
     *     has answers for the rest; zero for all at once
     */
    public record Breaker(
            int window,
            int minimumCalls,
            double failureRate,
            Duration slowCall,
            double slowRate,
            Duration openFor,
            int trialCalls,
            Duration ramp) {
        /** A breaker that lets all traffic back at once. */
        public Breaker(
                int window,
                int minimumCalls,
                double failureRate,
                Duration slowCall,
                double slowRate,
                Duration openFor,
                int trialCalls) {
            this(window, minimumCalls, failureRate, slowCall, slowRate, openFor, trialCalls, Duration.ZERO);
        }
    }

    /**
     * Passive health: an endpoint that fails or dawdles among siblings that do not is ejected for a time.
     *
     * @param consecutive failures in a row that eject it
     * @param failureRate share (0..1] of failed calls within {@code interval} that ejects it, if it is also well above its
     *     siblings'
     * @param minimumCalls calls within {@code interval} needed for a verdict by share or by slowness
     * @param slowFactor an endpoint that takes this many times as long as its siblings is ejected; at least 2
     * @param interval how often shares and slowness are compared
     * @param ejectFor how long the first ejection lasts; the next in a row lasts that much longer
     * @param ejectAtMost the longest ejection
     * @param maxEjected share (0..1] of the endpoints that may be ejected at a time; one of several always may
     */
    public record Outlier(
            int consecutive,
            double failureRate,
            int minimumCalls,
            int slowFactor,
            Duration interval,
            Duration ejectFor,
            Duration ejectAtMost,
            double maxEjected) {}

    /**
     * How an endpoint is picked.
     *
     * @param policy the rule
     * @param panicBelow if a smaller share (0..1] of the endpoints is healthy, ejected ones are picked as well: better slow
     *     and flaky than overrun
     * @param slowStart how long the share of an endpoint that comes back grows; zero for all at once
     * @param drainMargin how long before its certificate ends an endpoint gets nothing new while another's lasts; zero for never
     */
    public record Balance(Policy policy, double panicBelow, Duration slowStart, Duration drainMargin) {}

    /** A rule by which one of several healthy endpoints is picked. */
    public enum Policy {
        /** The less loaded of two picked at random. */
        LEAST_LOADED("least-loaded"),
        /** Each in its turn. */
        ROUND_ROBIN("round-robin"),
        /** The same path goes to the same endpoint, and few paths move when an endpoint goes. */
        PATH_HASH("path-hash");

        private final String label;

        Policy(String label) {
            this.label = label;
        }

        /** The word in the configuration. */
        public String label() {
            return label;
        }
    }

    /**
     * How much of this backend is used at a time. What exceeds it waits, and what has waited too long is answered from the
     * fallbacks.
     *
     * @param connections requests in progress at one endpoint
     * @param adaptive whether the limit of the whole backend follows its response times
     * @param minimum least adaptive limit
     * @param maximum largest adaptive limit, or the limit itself if it is not adaptive
     * @param queue requests that may wait
     * @param queueTime how long one may wait
     * @param jsonPerClient JSON requests a second that one client may have answered by the backend, 0 for any number
     * @param jsonBurst JSON requests that a client which was quiet may have at once
     */
    public record Overload(
            int connections,
            boolean adaptive,
            int minimum,
            int maximum,
            int queue,
            Duration queueTime,
            int jsonPerClient,
            int jsonBurst) {}

    /**
     * Retries of GET and HEAD on another endpoint.
     *
     * @param attempts in all, the first included; at least 1
     * @param budget share (0..1] of the live requests that may be retries
     */
    public record Retry(int attempts, double budget) {}
}
