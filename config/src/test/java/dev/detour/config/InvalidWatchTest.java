package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** What is said about wrong certificates, CRLs and alarms. */
class InvalidWatchTest {
    private static final String KINDS = " (expected: exactly one of files, server and vault)";
    private static final String MARK =
            " (expected: a share of its life used, such as 75%, or what is left of it, such as 30d or 12h)";
    private static final String LIMIT =
            " (expected: consul (512 KiB), raft (1 MiB), dynamodb (400 KiB), or a size such as"
                    + " 512, 64KiB, 256MiB, 1GiB)";
    private static final String TARGET =
            " (expected: HOST:PORT, smtp://HOST:PORT, postgres://HOST:PORT or ldap://HOST:PORT)";
    private static final String PAGE =
            " (expected: an http or https URL such as https://example.org/hook, without user or fragment)";
    private static final String SERVICE =
            " (expected: an http or https URL such as https://vault.example.org:8200, without query or user)";

    @TempDir
    Path directory;

    static final List<Arguments> SETTINGS = List.of(
            arguments(
                    "certificates: {every: 0s}",
                    "certificates.every: \"0s\" (expected: a duration such as 500ms, 2s, 5m, 24h)"),
            arguments("certificates: {every: 20ms}", "certificates.every: \"20ms\" (expected: at least 1s)"),
            arguments("certificates: {warn: soon}", "certificates.warn: \"soon\"" + MARK),
            arguments("certificates: {warn: 0%}", "certificates.warn: \"0%\"" + MARK),
            arguments("certificates: {critical: 5m}", "certificates.critical: \"5m\"" + MARK),
            arguments("certificates: {sources: {a: {}}}", "certificates.sources.a.files: missing" + KINDS),
            arguments(
                    "certificates: {sources: {a: {files: x, server: \"a:1\"}}}",
                    "certificates.sources.a.server: beside files" + KINDS),
            arguments(
                    "certificates: {sources: {a: {files: x, trust: ca.pem}}}",
                    "certificates.sources.a.trust: present (expected: no trust with files)"),
            arguments(
                    "certificates: {sources: {a: {server: \"a:1\", password-file: ca.pem}}}",
                    "certificates.sources.a.password-file: present (expected: no password-file with server)"),
            arguments(
                    "certificates: {sources: {a: {server: \"https://a/\"}}}",
                    "certificates.sources.a.server: \"https://a/\"" + TARGET),
            arguments(
                    "certificates: {sources: {a: {files: x, served-by: [\"a\"]}}}",
                    "certificates.sources.a.served-by[0]: \"a\"" + TARGET),
            arguments(
                    "certificates: {sources: {a: {vault: {}}}}", "certificates.sources.a.vault.url: missing" + SERVICE),
            arguments(
                    "certificates: {sources: {a: {vault: {url: \"https://v\", mount: /pki}}}}",
                    "certificates.sources.a.vault.mount: \"/pki\" (expected: the path of a mount such as pki or pki/internal)"),
            arguments(
                    "certificates: {sources: {a: {vault: {url: \"https://v\", limit: etcd}}}}",
                    "certificates.sources.a.vault.limit: \"etcd\"" + LIMIT),
            arguments(
                    "certificates: {sources: {b: {files: x}}}",
                    "certificates.sources: \"b\" (expected: a name that no backend has: backends are watched under theirs)"),
            arguments("crls: {sources: {a: {}}}", "crls.sources.a.file: missing (expected: either file or url)"),
            arguments(
                    "crls: {sources: {a: {file: a.crl, url: \"http://a/\"}}}",
                    "crls.sources.a.url: beside file (expected: either file or url)"),
            arguments(
                    "crls: {sources: {a: {file: a.crl, trust: ca.pem}}}",
                    "crls.sources.a.trust: present (expected: no trust with file)"),
            arguments("crls: {sources: {a: {file: a.crl, limit: 0}}}", "crls.sources.a.limit: \"0\"" + LIMIT),
            arguments(
                    "crls: {sources: {a: {file: a.crl, live: many}}}",
                    "crls.sources.a.live: \"many\" (expected: a whole number, at least 0)"),
            arguments(
                    "crls: {from-certificates: {hosts: []}}",
                    "crls.from-certificates.hosts: an empty list (expected: a list of at least one host)"),
            arguments(
                    "crls: {from-certificates: {hosts: [\"*\"]}}",
                    "crls.from-certificates.hosts[0]: \"*\" (expected: a host such as crl.example.org, or *.example.org for"
                            + " all below it)"),
            arguments(
                    "alarms: {receivers: {a: {webhook: \"http://a/\", repeat: 59s}}}",
                    "alarms.receivers.a.repeat: \"59s\" (expected: at least 1m)"),
            arguments(
                    "alarms: {receivers: {a: {}}}",
                    "alarms.receivers.a.webhook: missing (expected: either webhook or alertmanager)"),
            arguments(
                    "alarms: {receivers: {a: {webhook: \"http://a/\", alertmanager: \"http://b/\"}}}",
                    "alarms.receivers.a.alertmanager: beside webhook (expected: either webhook or alertmanager)"),
            arguments(
                    "alarms: {receivers: {a: {webhook: \"http://u:p@a/\"}}}",
                    "alarms.receivers.a.webhook: \"http://u:p@a/\"" + PAGE),
            arguments(
                    "alarms: {receivers: {a: {webhook: \"http://a/\", least: bad}}}",
                    "alarms.receivers.a.least: \"bad\" (expected: one of info, warning, critical)"));

    @ParameterizedTest
    @FieldSource("SETTINGS")
    void eachProblemIsOneLine(String setting, String problem) {
        InvalidConfigException e = catchThrowableOfType(
                InvalidConfigException.class,
                () -> ConfigLoader.load(ConfigFiles.LEAST + setting + "\n", ConfigFiles.in(directory)));

        assertThat(e.problems()).extracting(Problem::toString).containsExactly("configuration:4: " + problem);
    }
}
