package dev.detour.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
 * @param retry how often, and with what share of the load, another endpoint is tried
 * @param holdUpTo bytes: a GET answer with a known length up to this is held until it is complete, so that a body that
 *     breaks midway can still be answered from elsewhere; 0 holds nothing
 */
public record BackendConfig(
        String name,
        List<Endpoint> endpoints,
        Tls tls,
        Timeouts timeouts,
        @Nullable Probe probe,
        Breaker breaker,
        Retry retry,
        long holdUpTo) {

    public BackendConfig {
        endpoints = List.copyOf(endpoints);
    }

    /** One address of a backend: {@code http://host:port} or {@code https://host:port}. */
    public record Endpoint(boolean secure, HostPort address) {
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
     */
    public record Tls(
            @Nullable Path trust,
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable String serverName) {}

    /**
     * Limits of one attempt; all positive.
     *
     * @param connect until the TCP connection stands
     * @param handshake until the TLS handshake is done
     * @param firstByte from the request sent until an answer can be committed
     * @param betweenBytes longest silence inside a body, either way
     */
    public record Timeouts(Duration connect, Duration handshake, Duration firstByte, Duration betweenBytes) {}

    /** Active health check: path, period, time limit, and how many in a row flip the verdict. */
    public record Probe(String path, Duration every, Duration timeout, int upAfter, int downAfter) {}

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
     */
    public record Breaker(
            int window,
            int minimumCalls,
            double failureRate,
            Duration slowCall,
            double slowRate,
            Duration openFor,
            int trialCalls) {}

    /**
     * Retries of GET and HEAD on another endpoint.
     *
     * @param attempts in all, the first included; at least 1
     * @param budget share (0..1] of the live requests that may be retries
     */
    public record Retry(int attempts, double budget) {}
}
