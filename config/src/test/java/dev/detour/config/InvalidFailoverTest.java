package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about wrong values of the settings that endpoints, health, overload and deadlines have. */
class InvalidFailoverTest {
    private static final String NUMBER = " (expected: a whole number, at least 1)";
    private static final String DURATION = " (expected: a duration such as 500ms, 2s, 5m, 24h)";
    private static final String SPAN = " (expected: a duration such as 500ms, 2s, 5m, or 0s for none)";
    private static final String SHARE = " (expected: a share above 0% and up to 100%, such as 50%)";
    private static final String NAME = " (expected: a name of letters, digits, '.', '_' and '-')";
    private static final String URL = " (expected: http://HOST:PORT or https://HOST:PORT, without path, query or user)";
    private static final String STATUS =
            " (expected: a status such as 204 or a range such as 300-399, from 200 to 599)";
    private static final String SERVER =
            " (expected: an IP address, with a port if it is not 53, such as 10.0.0.2 or [2001:db8::1]:5353)";

    @TempDir
    Path directory;

    static final List<Arguments> ENDPOINTS = List.of(
            arguments("{weight: 2}", "endpoints[0].url: missing" + URL),
            arguments("{url: ftp://a}", "endpoints[0].url: \"ftp://a\"" + URL),
            arguments("ftp://a", "endpoints[0]: \"ftp://a\"" + URL),
            arguments("[https://a]", "endpoints[0]: a list (expected: a mapping with url, weight, priority, zone)"),
            arguments("", "endpoints: an empty list (expected: a list of at least one" + URL.substring(11)),
            arguments(
                    "{url: https://a, weight: 0}",
                    "endpoints[0].weight: \"0\" (expected: a whole number, from 1 to 1000)"),
            arguments(
                    "{url: https://a, weight: 1001}",
                    "endpoints[0].weight: \"1001\" (expected: a whole number, from 1 to 1000)"),
            arguments(
                    "{url: https://a, priority: 10}",
                    "endpoints[0].priority: \"10\" (expected: a whole number, from 0 to 9)"),
            arguments("{url: https://a, zone: a b}", "endpoints[0].zone: \"a b\"" + NAME),
            arguments(
                    "{url: https://a, wieght: 2}",
                    "endpoints[0].wieght: unknown key (expected: did you mean \"weight\"? one of url, weight, priority, zone)"),
            arguments(
                    "{url: https://a, weight: 2}, https://a:443",
                    "endpoints: \"https://a:443\" twice (expected: each endpoint once)"),
            arguments(
                    "{url: https://a}, {url: http://b}",
                    "endpoints: http and https mixed (expected: all endpoints of a backend http, or all https)"));

    @ParameterizedTest
    @FieldSource("ENDPOINTS")
    void eachProblemOfAnEndpointIsOneLine(String items, String problem) {
        assertThat(problems("", "endpoints: [" + items + "]", "")).containsExactly("backends.b." + problem);
    }

    static final List<Arguments> SETTINGS = List.of(
            arguments("probe: {}", "probe.path: missing (expected: a path such as /_health/, because kind is http)"),
            arguments("probe: {kind: udp}", "probe.kind: \"udp\" (expected: one of http, tcp, tls)"),
            arguments(
                    "probe: {kind: tcp, path: /x}",
                    "probe.path: present (expected: no path with kind tcp; only http has an answer)"),
            arguments(
                    "probe: {kind: tls, status: [200]}",
                    "probe.status: present (expected: no status with kind tls; only http has an answer)"),
            arguments(
                    "probe: {kind: tcp, body: ok}",
                    "probe.body: present (expected: no body with kind tcp; only http has an answer)"),
            arguments(
                    "probe: {path: /x, status: []}",
                    "probe.status: an empty list (expected: a list of at least one status or range such as [200, 300-399])"),
            arguments(
                    "probe: {path: /x, status: 200}",
                    "probe.status: \"200\" (expected: a list of at least one status or range such as [200, 300-399])"),
            arguments("probe: {path: /x, status: [199]}", "probe.status[0]: \"199\"" + STATUS),
            arguments("probe: {path: /x, status: [200, 600]}", "probe.status[1]: \"600\"" + STATUS),
            arguments("probe: {path: /x, status: [399-300]}", "probe.status[0]: \"399-300\"" + STATUS),
            arguments("probe: {path: /x, status: [2xx]}", "probe.status[0]: \"2xx\"" + STATUS),
            arguments(
                    "probe: {path: /x, body: ''}",
                    "probe.body: \"\" (expected: a text of 1 to 1000 printable characters on one line)"),
            arguments(
                    "probe: {path: /x, body: \"a\\nb\"}",
                    "probe.body: \"a b\" (expected: a text of 1 to 1000 printable characters on one line)"),
            arguments("breaker: {ramp: soon}", "breaker.ramp: \"soon\"" + SPAN),
            arguments("breaker: {ramp: 0}", "breaker.ramp: \"0\"" + SPAN),
            arguments("outlier: {consecutive: 0}", "outlier.consecutive: \"0\"" + NUMBER),
            arguments("outlier: {failure-rate: 0.3}", "outlier.failure-rate: \"0.3\"" + SHARE),
            arguments("outlier: {minimum-calls: 0}", "outlier.minimum-calls: \"0\"" + NUMBER),
            arguments("outlier: {slow-factor: 1}", "outlier.slow-factor: \"1\" (expected: a whole number, at least 2)"),
            arguments("outlier: {interval: 0s}", "outlier.interval: \"0s\"" + DURATION),
            arguments("outlier: {max-ejected: 101%}", "outlier.max-ejected: \"101%\"" + SHARE),
            arguments(
                    "outlier: {eject-for: 6m}",
                    "outlier.eject-for: \"6m\" (expected: eject-for no larger than eject-at-most (5m))"),
            arguments(
                    "outlier: {eject-at-most: 9s}",
                    "outlier.eject-at-most: \"9s\" with eject-for 10s (expected: eject-for no larger than eject-at-most (9s))"),
            arguments(
                    "balance: {policy: random}",
                    "balance.policy: \"random\" (expected: one of least-loaded, round-robin, path-hash)"),
            arguments("balance: {panic-below: 0%}", "balance.panic-below: \"0%\"" + SHARE),
            arguments("balance: {slow-start: none}", "balance.slow-start: \"none\"" + SPAN),
            arguments("overload: {connections: 0}", "overload.connections: \"0\"" + NUMBER),
            arguments(
                    "overload: {limit: none, minimum: 5}",
                    "overload.limit: \"none\" (expected: adaptive, or a whole number, at least 1)"),
            arguments(
                    "overload: {limit: 0}",
                    "overload.limit: \"0\" (expected: adaptive, or a whole number, at least 1)"),
            arguments(
                    "overload: {limit: 9, minimum: 5}",
                    "overload.minimum: present (expected: no minimum with limit 9; only an adaptive one has bounds)"),
            arguments(
                    "overload: {limit: 9, maximum: 50}",
                    "overload.maximum: present (expected: no maximum with limit 9; only an adaptive one has bounds)"),
            arguments(
                    "overload: {minimum: 60, maximum: 50}",
                    "overload.minimum: \"60\" (expected: minimum no larger than maximum (50))"),
            arguments(
                    "overload: {maximum: 19}",
                    "overload.maximum: \"19\" with minimum 20 (expected: minimum no larger than maximum (19))"),
            arguments("overload: {queue: -1}", "overload.queue: \"-1\" (expected: a whole number, at least 0)"),
            arguments("overload: {queue-time: 0s}", "overload.queue-time: \"0s\"" + DURATION),
            arguments(
                    "overload: {json-per-client: 0}",
                    "overload.json-per-client: \"0\" (expected: a whole number, from 1 to 1000000)"),
            arguments("overload: {json-per-client: 5, json-burst: 0}", "overload.json-burst: \"0\"" + NUMBER),
            arguments(
                    "overload: {json-burst: 5}",
                    "overload.json-burst: present (expected: json-per-client as well, or no json-burst)"),
            arguments("deadline: 0s", "deadline: \"0s\"" + DURATION),
            arguments("divert-after: 800", "divert-after: \"800\"" + DURATION),
            arguments(
                    "deadline: 1s\n    divert-after: 1s",
                    "divert-after: \"1s\" (expected: divert-after smaller than deadline (1s))"));

    @ParameterizedTest
    @FieldSource("SETTINGS")
    void eachProblemOfABackendIsOneLine(String setting, String problem) {
        assertThat(problems("", "endpoints: [https://a]\n    " + setting, "")).containsExactly("backends.b." + problem);
    }

    @Test
    void aTlsProbeNeedsHttpsEndpoints() {
        assertThat(problems("", "endpoints: [http://a]\n    probe: {kind: tls}", ""))
                .containsExactly(
                        "backends.b.probe.kind: \"tls\" (expected: tcp or http for http endpoints; tls needs https://)");
    }

    static final List<Arguments> ROUTES = List.of(
            arguments("", "deadline: soon", "deadline: \"soon\"" + DURATION),
            arguments("", "divert-after: 0s", "divert-after: \"0s\"" + DURATION),
            arguments(
                    "",
                    "deadline: 1s, divert-after: 2s",
                    "divert-after: \"2s\" (expected: divert-after smaller than deadline (1s))"),
            arguments(
                    "deadline: 1s",
                    "divert-after: 2s",
                    "divert-after: \"2s\" (expected: divert-after smaller than deadline (1s))"),
            arguments(
                    "divert-after: 2s",
                    "deadline: 1s",
                    "deadline: \"1s\" with divert-after 2s (expected: divert-after smaller than deadline (1s))"));

    @ParameterizedTest
    @FieldSource("ROUTES")
    void theDeadlinesOfARouteFitTogetherWithThoseOfItsBackend(String backend, String route, String problem) {
        String routes = "routes: [{name: r, match: {}, backend: b, " + route + "}]";

        assertThat(problems("", "endpoints: [https://a]\n    " + backend, routes))
                .containsExactly("routes[0]." + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ns.example.org", "10.0.0.256", "10.0.0.2:0", "10.0.0.2:65536", "[10.0.0.2]", "", "::g"})
    void whatIsNoNameServerIsRefused(String server) {
        assertThat(problems("dns: {servers: ['" + server + "']}", "endpoints: [https://a]", ""))
                .containsExactly("dns.servers[0]: \"" + server + "\"" + SERVER);
    }

    static final List<Arguments> TOP = List.of(
            arguments("zone: a/b", "zone: \"a/b\"" + NAME),
            arguments("zone: [a]", "zone: a list" + NAME),
            arguments("dns: 10.0.0.2", "dns: \"10.0.0.2\" (expected: a mapping with servers)"),
            arguments(
                    "dns: {servers: []}",
                    "dns.servers: an empty list (expected: a list of at least one IP address such as 10.0.0.2 or 10.0.0.2:53)"),
            arguments(
                    "dns: {servers: 10.0.0.2}",
                    "dns.servers: \"10.0.0.2\" (expected: a list of at least one IP address such as 10.0.0.2 or 10.0.0.2:53)"),
            arguments(
                    "dns: {servers: [10.0.0.2, 10.0.0.2:53]}",
                    "dns.servers: \"10.0.0.2:53\" twice (expected: each server once)"));

    @ParameterizedTest
    @FieldSource("TOP")
    void eachProblemOfZoneAndDnsIsOneLine(String top, String problem) {
        assertThat(problems(top, "endpoints: [https://a]", "")).containsExactly(problem);
    }

    private List<String> problems(String top, String backend, String routes) {
        String text = "listeners: [{address: '127.0.0.1:0'}]\nindex: {backend: b}\n" + top + "\nbackends:\n  b:\n    "
                + backend + "\n" + routes + "\n";
        InvalidConfigException e =
                catchThrowableOfType(InvalidConfigException.class, () -> ConfigLoader.load(text, directory));
        return e.problems().stream()
                .map(problem -> problem.toString().replaceFirst("configuration:\\d+: ", ""))
                .toList();
    }
}
