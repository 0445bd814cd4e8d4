package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class InvalidConfigTest {
    @TempDir
    Path directory;

    /** One line of {@link #BASE} by number, what is put in its place, and the whole of what is said about it. */
    static final List<Arguments> CASES = List.of(
            arguments(
                    5,
                    "    timeouts: {connect: 1 sec}",
                    "5: backends.b.timeouts.connect: \"1 sec\" (expected: a duration such as 500ms, 2s, 5m, 24h)"),
            arguments(
                    5,
                    "    timeouts: {connect: 0s}",
                    "5: backends.b.timeouts.connect: \"0s\" (expected: a duration such as 500ms, 2s, 5m, 24h)"),
            arguments(
                    5,
                    "    timeouts: 5s",
                    "5: backends.b.timeouts: \"5s\" (expected: a mapping with connect, handshake, first-byte, between-bytes)"),
            arguments(
                    5,
                    "    timeouts: {conect: 1s}",
                    "5: backends.b.timeouts.conect: unknown key (expected: did you mean \"connect\"? one of connect, handshake, first-byte, between-bytes)"),
            arguments(
                    5,
                    "    timeouts: {firstByte: 1s}",
                    "5: backends.b.timeouts.firstByte: unknown key (expected: did you mean \"first-byte\"? one of connect, handshake, first-byte, between-bytes)"),
            arguments(
                    5,
                    "    timeouts: {zzz: 1s}",
                    "5: backends.b.timeouts.zzz: unknown key (expected: one of connect, handshake, first-byte, between-bytes)"),
            arguments(
                    5,
                    "    retry: {attempts: 2, attempts: 3}",
                    "5: backends.b.retry.attempts: duplicate key (expected: each key once; it is already in line 5)"),
            arguments(
                    5,
                    "    retry: {attempts: 0}",
                    "5: backends.b.retry.attempts: \"0\" (expected: a whole number, at least 1)"),
            arguments(
                    5,
                    "    retry: {attempts: 1.5}",
                    "5: backends.b.retry.attempts: \"1.5\" (expected: a whole number, at least 1)"),
            arguments(
                    5,
                    "    retry: {attempts: 9999999999}",
                    "5: backends.b.retry.attempts: \"9999999999\" (expected: a whole number, at least 1)"),
            arguments(
                    5,
                    "    retry: {attempts: [2]}",
                    "5: backends.b.retry.attempts: a list (expected: a whole number, at least 1)"),
            arguments(
                    5,
                    "    retry: {budget: 0.2}",
                    "5: backends.b.retry.budget: \"0.2\" (expected: a share above 0% and up to 100%, such as 50%)"),
            arguments(5, "    retry:", "5: backends.b.retry: nothing (expected: a mapping with attempts, budget)"),
            arguments(
                    5,
                    "    hold-up-to: 64KB",
                    "5: backends.b.hold-up-to: \"64KB\" (expected: a size such as 512, 64KiB, 256MiB, 1GiB)"),
            arguments(
                    5,
                    "    probe: {every: 2s}",
                    "5: backends.b.probe.path: missing (expected: a path such as /_health/, because kind is http)"),
            arguments(
                    5,
                    "    probe: {path: up}",
                    "5: backends.b.probe.path: \"up\" (expected: a path such as /_health/)"),
            arguments(
                    5,
                    "    breaker: {window: 5, minimum-calls: 6}",
                    "5: backends.b.breaker.minimum-calls: \"6\" (expected: minimum-calls no larger than window (5))"),
            arguments(
                    5,
                    "    breaker: {window: 5}",
                    "5: backends.b.breaker.window: \"5\" with minimum-calls 10 (expected: minimum-calls no larger than window (5))"),
            arguments(
                    5,
                    "    tls: {trust: nothing.pem}",
                    "5: backends.b.tls.trust: \"DIR/nothing.pem\" is no such file (expected: a readable file: PEM certificates of the authorities to trust)"),
            arguments(
                    5,
                    "    tls: {trust: web}",
                    "5: backends.b.tls.trust: \"DIR/web\" is a directory (expected: a readable file: PEM certificates of the authorities to trust)"),
            arguments(
                    5,
                    "    tls: {key: client.key}",
                    "5: backends.b.tls.certificate: missing (expected: a path, because key is set: the two only make sense together)"),
            arguments(
                    5,
                    "    tls: {certificate: client.crt}",
                    "5: backends.b.tls.key: missing (expected: a path, because certificate is set: the two only make sense together)"),
            arguments(
                    5,
                    "    tls: {server-name: a/b}",
                    "5: backends.b.tls.server-name: \"a/b\" (expected: a host name or address without port)"),
            arguments(
                    4,
                    "    endpoints: []",
                    "4: backends.b.endpoints: an empty list (expected: a list of at least one http://HOST:PORT or https://HOST:PORT, without path, query or user)"),
            arguments(
                    4,
                    "    retry: {}",
                    "4: backends.b.endpoints: missing (expected: a list of at least one http://HOST:PORT or https://HOST:PORT, without path, query or user)"),
            arguments(
                    4,
                    "    endpoints: https://a",
                    "4: backends.b.endpoints: \"https://a\" (expected: a list of at least one http://HOST:PORT or https://HOST:PORT, without path, query or user)"),
            arguments(
                    4,
                    "    endpoints: [https://a, http://b]",
                    "4: backends.b.endpoints: http and https mixed (expected: all endpoints of a backend http, or all https)"),
            arguments(
                    4,
                    "    endpoints: [https://a, \"https://a:443\"]",
                    "4: backends.b.endpoints: \"https://a:443\" twice (expected: each endpoint once)"),
            arguments(
                    7,
                    "  m: {}",
                    "7: mirrors.m.tree: missing (expected: exactly one of tree, url and store: a tree of bandersnatch's, one behind a URL, or Detour's own store)"),
            arguments(
                    7,
                    "  m: {tree: nowhere}",
                    "7: mirrors.m.tree: \"DIR/nowhere\" is no such directory (expected: the web root of a bandersnatch tree, the directory that holds simple/)"),
            arguments(
                    7,
                    "  m: {tree: tls}",
                    "7: mirrors.m.tree: \"DIR/tls\" is a directory without simple/ (expected: the web root of a bandersnatch tree, the directory that holds simple/)"),
            arguments(
                    7,
                    "  m: {tree: ca.pem}",
                    "7: mirrors.m.tree: \"DIR/ca.pem\" is a file (expected: the web root of a bandersnatch tree, the directory that holds simple/)"),
            arguments(
                    8,
                    "index: {backend: c, mirror: m}",
                    "8: index.backend: \"c\" (expected: a name defined under backends: b)"),
            arguments(
                    8, "index: {mirror: m}", "8: index.backend: missing (expected: a name defined under backends: b)"),
            arguments(
                    8,
                    "index: {backend: b, miror: m}",
                    "8: index.miror: unknown key (expected: did you mean \"mirror\"? one of preset, backend, mirror)"),
            arguments(8, "index: b", "8: index: \"b\" (expected: a mapping with preset, backend, mirror)"),
            arguments(
                    8,
                    "index: {backend: b, mirror: n}",
                    "8: index.mirror: \"n\" (expected: a name defined under mirrors: m)"),
            arguments(
                    8,
                    "index: {backend: b, preset: npm}",
                    "8: index.preset: \"npm\" (expected: one of the presets: pypi)"),
            arguments(8, "", "1: index: missing (expected: index, or at least one route under routes)"),
            arguments(8, "routes: []", "8: routes: an empty list (expected: at least one route, or index)"),
            arguments(
                    1,
                    "listeners: []",
                    "1: listeners: an empty list (expected: a list of at least one listener, each with address)"),
            arguments(1, "", "2: listeners: missing (expected: a list of at least one listener, each with address)"),
            arguments(
                    1,
                    "listeners: [{}]",
                    "1: listeners[0].address: missing (expected: an address such as 127.0.0.1:8080 or [::1]:8080)"),
            arguments(1, "listeners: [\"a:80\"]", "1: listeners[0]: \"a:80\" (expected: a mapping with address, tls)"),
            arguments(
                    1,
                    "listeners: [{address: \"127.0.0.1:9901\"}]",
                    "9: admin.address: \"127.0.0.1:9901\" (expected: an address other than that of listeners[0].address)"),
            arguments(
                    1,
                    "listeners: [{address: \"a:80\"}, {address: \"a:80\"}]",
                    "1: listeners[1].address: \"a:80\" (expected: an address other than that of listeners[0].address)"),
            arguments(
                    1,
                    "listeners: [{address: \"a:0\", tls: {certificate: edge.crt}}]",
                    "1: listeners[0].tls.key: missing (expected: a readable file: PEM private key (PKCS#8) of the listener)"),
            arguments(
                    9,
                    "admin: {token-file: web}",
                    "9: admin.token-file: \"DIR/web\" is a directory (expected: a readable file, or none yet: the bearer token of the admin API)"),
            arguments(
                    9,
                    "state: ca.pem",
                    "9: state: \"DIR/ca.pem\" is a file (expected: a directory: where the mode is kept across restarts)"),
            arguments(
                    9,
                    "cache: {memory: lots}",
                    "9: cache.memory: \"lots\" (expected: a size such as 512, 64KiB, 256MiB, 1GiB)"),
            arguments(
                    9,
                    "cache: {memory: 0, disk: {path: copies}}",
                    "9: cache.disk: present (expected: cache.memory above 0, or no disk: what is on the disk is served"
                            + " from memory)"),
            arguments(
                    9,
                    "cache: {disk: {path: copies, size: 64KiB}}",
                    "9: cache.disk.size: 64KiB (expected: at least 1MiB)"),
            arguments(
                    9,
                    "refusals: {upload-outage-status: 500}",
                    "9: refusals.upload-outage-status: \"500\" (expected: 403 or 503)"),
            arguments(
                    9,
                    "refusals: {status-url: status.example.org}",
                    "9: refusals.status-url: \"status.example.org\" (expected: an http or https URL of at most 150 ASCII characters, such as https://status.example.org/)"),
            arguments(
                    9,
                    "anything: 1",
                    "9: anything: unknown key (expected: one of listeners, admin, state, zone, dns, backends, mirrors, index, cache, certificates, crls, alarms, refusals, routes)"),
            arguments(
                    9,
                    "caches: {}",
                    "9: caches: unknown key (expected: did you mean \"cache\"? one of listeners, admin, state, zone, dns, backends, mirrors, index, cache, certificates, crls, alarms, refusals, routes)"),
            arguments(
                    9,
                    "a: &x {b: c}",
                    "9: anchors (&x) are not supported; write the value out (expected: well-formed YAML)"),
            arguments(9, "a: b: c", "9: mapping values are not allowed here (expected: well-formed YAML)"));

    static final String BASE = """
            listeners: [{address: "127.0.0.1:0"}]
            backends:
              b:
                endpoints: ["https://127.0.0.1:8000"]
                hold-up-to: 64KiB
            mirrors:
              m: {tree: web}
            index: {backend: b, mirror: m}
            admin: {address: "127.0.0.1:9901"}
            """;

    @Test
    void theBaseOfTheseTestsIsValid() throws Exception {
        assertThat(ConfigLoader.load(BASE, ConfigFiles.in(directory)).backends())
                .containsKey("b");
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void eachProblemIsOneLineWithPlaceValueAndExpectation(int line, String text, String problem) {
        assertThat(problems(with(line, text))).containsExactly("configuration:" + problem);
    }

    static Stream<Arguments> addresses() {
        return Stream.of(
                        "",
                        "8080",
                        "a",
                        "a:",
                        ":80",
                        "a:65536",
                        "a:-1",
                        "::1:80",
                        "[::1]",
                        "[a]:80",
                        "[::g]:80",
                        "[1.2.3.4]:80",
                        "1.2.3:80",
                        "1.2.3.256:80",
                        "a b:80",
                        "http://a:80",
                        "*:80",
                        "-a:80",
                        "a..b:80")
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void whatIsNoAddressIsRefused(String address) {
        assertThat(problems(with(1, "listeners: [{address: '" + address + "'}]")))
                .containsExactly("configuration:1: listeners[0].address: \"" + address
                        + "\" (expected: an address such as 127.0.0.1:8080 or [::1]:8080)");
    }

    static Stream<Arguments> endpoints() {
        return Stream.of(
                        "a:80",
                        "ftp://a",
                        "http://",
                        "http://a/",
                        "http://a/x",
                        "http://a?x",
                        "http://a#x",
                        "http://u@a",
                        "http://u:p@a:80",
                        "http://a:0",
                        "http://a:99999",
                        "HTTP://a",
                        "http://::1:80",
                        "https://[::1")
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void whatIsNoEndpointIsRefused(String endpoint) {
        assertThat(problems(with(4, "    endpoints: ['" + endpoint + "']")))
                .containsExactly("configuration:4: backends.b.endpoints[0]: \"" + endpoint
                        + "\" (expected: http://HOST:PORT or https://HOST:PORT, without path, query or user)");
    }

    static final List<Arguments> ROUTES = List.of(
            arguments(
                    "{match: {path: /x}, backend: b}",
                    "routes[0].name: missing (expected: a name of letters, digits, '.', '_' and '-')"),
            arguments(
                    "{name: a b, match: {}, backend: b}",
                    "routes[0].name: \"a b\" (expected: a name of letters, digits, '.', '_' and '-')"),
            arguments(
                    "{name: files, match: {}, backend: b}",
                    "routes[0].name: \"files\" (expected: a name not taken; the preset pypi has it)"),
            arguments("{name: r, backend: b}", "routes[0].match: missing (expected: a mapping)"),
            arguments(
                    "{name: r, match: {}}", "routes[0].backend: missing (expected: a name defined under backends: b)"),
            arguments(
                    "{name: r, match: {}, backend: x}",
                    "routes[0].backend: \"x\" (expected: a name defined under backends: b)"),
            arguments(
                    "{name: r, match: {}, backend: b, mirror: x}",
                    "routes[0].mirror: \"x\" (expected: a name defined under mirrors: m)"),
            arguments(
                    "{name: r, match: {}, backend: b, api: html}",
                    "routes[0].api: \"html\" (expected: one of simple, json, file, upload, xmlrpc, oidc, web, other)"),
            arguments(
                    "{name: r, match: {methods: [get]}, backend: b}",
                    "routes[0].match.methods[0]: \"get\" (expected: an upper-case HTTP method such as GET)"),
            arguments(
                    "{name: r, match: {methods: GET}, backend: b}",
                    "routes[0].match.methods: \"GET\" (expected: a list of methods such as [GET, HEAD])"),
            arguments(
                    "{name: r, match: {headers: {'a b': x}}, backend: b}",
                    "routes[0].match.headers: \"a b\" (expected: header names such as Content-Type)"),
            arguments(
                    "{name: r, match: {headers: {a: x, A: y}}, backend: b}",
                    "routes[0].match.headers: \"A\" twice (expected: each header once, in whatever case)"),
            arguments(
                    "{name: r, match: {query: [a]}, backend: b}",
                    "routes[0].match.query: a list (expected: a mapping of parameter to value)"),
            arguments(
                    "{name: r, match: {host: 'a:80'}, backend: b}",
                    "routes[0].match.host: \"a:80\" (expected: a host name or address without port)"),
            arguments(
                    "{name: r, match: {}, backend: b, fallback: []}",
                    "routes[0].fallback: [] (expected: refuse as the last of the list)"),
            arguments(
                    "{name: r, match: {}, backend: b, fallback: [stale]}",
                    "routes[0].fallback: [stale] (expected: refuse as the last of the list)"),
            arguments(
                    "{name: r, match: {}, backend: b, fallback: [refuse, stale]}",
                    "routes[0].fallback: [refuse, stale] (expected: nothing after refuse, which always answers)"),
            arguments(
                    "{name: r, match: {}, backend: b, fallback: [stale, stale, refuse]}",
                    "routes[0].fallback: [stale, stale, refuse] (expected: each fallback once)"),
            arguments(
                    "{name: r, match: {}, backend: b, fallback: [cache, refuse]}",
                    "routes[0].fallback[0]: \"cache\" (expected: one of stale, mirror, refuse)"),
            arguments(
                    "{name: r, match: {}, backend: b, fallback: stale}",
                    "routes[0].fallback: \"stale\" (expected: a list of stale, mirror, refuse, in order, ending with refuse)"));

    @ParameterizedTest
    @FieldSource("ROUTES")
    void eachProblemOfARouteIsOneLine(String route, String problem) {
        assertThat(problems(with(9, "routes: [" + route + "]"))).containsExactly("configuration:9: " + problem);
    }

    @Test
    void aRouteNameIsTakenOnce() {
        String text = with(9, "routes:\n  - {name: r, match: {}, backend: b}\n  - {name: r, match: {}, backend: b}");

        assertThat(problems(text))
                .containsExactly(
                        "configuration:11: routes[1].name: \"r\" (expected: a name not taken; routes[0] has it)");
    }

    @Test
    void aMirrorFallbackNeedsAMirror() {
        String text = with(8, "routes: [{name: r, match: {}, backend: b, fallback: [mirror, refuse]}]");

        assertThat(problems(text))
                .containsExactly(
                        "configuration:8: routes[0].fallback: [mirror, refuse] (expected: a mirror for this route"
                                + " (mirror: here or in index), or a list without it)");
    }

    static Stream<Arguments> templates() {
        return Stream.of(
                        "x",
                        "",
                        "/a/**/b",
                        "/a**",
                        "/a/*",
                        "/{a}b",
                        "/{}",
                        "/{A}",
                        "/{a}/{a}",
                        "/a//b",
                        "/a?b",
                        "/a#b",
                        "/a/../b",
                        "/a b")
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("templates")
    void whatIsNoPathTemplateIsRefused(String template) {
        List<String> problems = problems(with(9, "routes: [{name: r, match: {path: '" + template + "'}, backend: b}]"));

        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("configuration:9: routes[0].match.path: \"" + template + "\" (");
    }

    @Test
    void aBackendHasAtMostSixtyFourEndpoints() {
        String endpoints = IntStream.rangeClosed(1, 65)
                .mapToObj(port -> "https://a:" + port)
                .collect(Collectors.joining(", "));

        assertThat(problems(with(4, "    endpoints: [" + endpoints + "]")))
                .containsExactly("configuration:4: backends.b.endpoints: 65 endpoints (expected: at most 64)");
    }

    @Test
    void aTlsSectionNeedsHttpsEndpoints() {
        String text = with(4, "    endpoints: [\"http://a\"]\n    tls: {}");

        assertThat(problems(text))
                .containsExactly("configuration:5: backends.b.tls: present (expected: no tls for http endpoints;"
                        + " https:// in endpoints turns TLS on)");
    }

    @Test
    void anAddressTakenTwiceIsReportedWhereItStandsTheSecondTime() {
        String text = with(1, "listeners:\n  - address: a:80\n  - address: b:80\n  - address: a:80");

        assertThat(problems(text))
                .containsExactly("configuration:4: listeners[2].address: \"a:80\""
                        + " (expected: an address other than that of listeners[0].address)");
    }

    @Test
    void everyProblemIsReportedAtOnceInTheOrderOfLines() {
        String text = """
                routes: [{name: r, match: {}, backend: nowhere}]
                backends:
                  b:
                    endpoints: [ftp://a]
                    retry: {attempts: 0, bugdet: 1%}
                listeners: [{address: here}]
                """;

        InvalidConfigException e = failure(text);

        assertThat(e.problems())
                .extracting(Problem::line, Problem::path, Problem::value)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, "routes[0].backend", "\"nowhere\""),
                        org.assertj.core.groups.Tuple.tuple(4, "backends.b.endpoints[0]", "\"ftp://a\""),
                        org.assertj.core.groups.Tuple.tuple(5, "backends.b.retry.bugdet", "unknown key"),
                        org.assertj.core.groups.Tuple.tuple(5, "backends.b.retry.attempts", "\"0\""),
                        org.assertj.core.groups.Tuple.tuple(6, "listeners[0].address", "\"here\""));
        assertThat(e.getMessage().lines()).hasSize(5);
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws Exception {
        Path missing = directory.resolve("missing.yaml");
        Path latin = Files.write(directory.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe4});
        Path empty = Files.writeString(directory.resolve("empty.yaml"), "# nothing yet\n");

        List<String> problems = new ArrayList<>();
        for (Path file : List.of(missing, directory, latin, empty)) {
            InvalidConfigException e =
                    catchThrowableOfType(InvalidConfigException.class, () -> ConfigLoader.load(file));
            problems.add(e.getMessage());
        }

        assertThat(problems)
                .containsExactly(
                        missing + ": no such file (expected: a readable YAML file)",
                        directory + ": a directory (expected: a readable YAML file)",
                        latin + ": bytes that are not UTF-8 (expected: a YAML file in UTF-8)",
                        empty + ": an empty file (expected: YAML with listeners, backends and index or routes)");
    }

    @Test
    void aFileThatIsNoMappingIsNoConfiguration() {
        assertThat(problems("- a\n- b\n"))
                .containsExactly(
                        "configuration:1: a list (expected: a mapping with listeners, admin, state, zone, dns, backends,"
                                + " mirrors, index, cache, certificates, crls, alarms, refusals, routes)");
    }

    @Test
    void aProblemNamesTheFileAsTheOperatorDid() throws Exception {
        Path file = Files.writeString(directory.resolve("detour.yaml"), with(5, "    hold-up-to: x"));
        ConfigFiles.in(directory);

        InvalidConfigException e = catchThrowableOfType(InvalidConfigException.class, () -> ConfigLoader.load(file));

        assertThat(e.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo(file.toString());
            assertThat(problem.toString()).startsWith(file + ":5: backends.b.hold-up-to: \"x\" (expected: ");
        });
    }

    private List<String> problems(String text) {
        return failure(text).problems().stream()
                .map(problem -> problem.toString().replace(directory.toString(), "DIR"))
                .toList();
    }

    private InvalidConfigException failure(String text) {
        Path files = ConfigFiles.in(directory);
        return catchThrowableOfType(InvalidConfigException.class, () -> ConfigLoader.load(text, files));
    }

    private static String with(int line, String text) {
        List<String> lines = new ArrayList<>(BASE.lines().toList());
        lines.set(line - 1, text);
        return String.join("\n", lines);
    }
}
