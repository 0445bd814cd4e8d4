package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about wrong mirrors. */
class InvalidMirrorTest {
    private static final String KINDS = " (expected: exactly one of tree, url and store";
    private static final String ROOT =
            " (expected: an http or https URL such as https://index.example.org/, without simple/, query or user)";
    private static final String PUBLISHED =
            " (expected: an http or https URL such as https://mirror.example.org/pypi/, without query or user, or file:///DIR/)";
    private static final String KEY =
            " (expected: a readable file: the public key that generations must be signed with)";
    private static final String DURATION = " (expected: a duration such as 500ms, 2s, 5m, 24h)";
    private static final String SHARE = " (expected: a share above 0% and up to 100%, such as 50%)";
    private static final String FLAG = " (expected: one of true, false)";
    private static final String AWAY = " (expected: a directory neither within nor around that of mirrors.";

    @TempDir
    Path directory;

    static final List<Arguments> KINDS_OF_MIRRORS = List.of(
            arguments(
                    "{}",
                    "tree: missing" + KINDS + ": a tree of bandersnatch's, one behind a URL, or Detour's own store)"),
            arguments(
                    "{keep: 3}",
                    "tree: missing" + KINDS + ": a tree of bandersnatch's, one behind a URL, or Detour's own store)"),
            arguments("{tree: web, store: copy, keep: 3}", "store: beside tree" + KINDS + ")"),
            arguments("{url: \"https://a/\", tree: web}", "url: beside tree" + KINDS + ")"),
            arguments("{tree: web, keep: 3}", "keep: present (expected: no keep with tree; only a store has it)"),
            arguments(
                    "{url: \"https://a/\", min-fidelity: 90%}",
                    "min-fidelity: present (expected: no min-fidelity with url; only a store has it)"),
            arguments("{tree: web, files: all}", "files: present (expected: no files with tree; only a store has it)"),
            arguments(
                    "{tree: web, files-limit: 1GiB}",
                    "files-limit: present (expected: no files-limit with tree; only a store has it)"),
            arguments(
                    "{tree: web, capture: false}",
                    "capture: present (expected: no capture with tree; only a store has it)"),
            arguments("{tree: web, audit: 1d}", "audit: present (expected: no audit with tree; only a store has it)"),
            arguments("{tree: web, sync: {}}", "sync: present (expected: no sync with tree; only a store has it)"),
            arguments(
                    "{url: \"https://a/\", follow: {}}",
                    "follow: present (expected: no follow with url; only a store has it)"),
            arguments("{url: \"ftp://a/\"}", "url: \"ftp://a/\"" + ROOT),
            arguments(
                    "{store: ca.pem}",
                    "store: \"DIR/ca.pem\" is a file (expected: a directory: Detour's own copy of the index)"),
            arguments("{store: [copy]}", "store: a list (expected: a directory: Detour's own copy of the index)"));

    @ParameterizedTest
    @FieldSource("KINDS_OF_MIRRORS")
    void eachProblemOfAMirrorIsOneLine(String mirror, String problem) {
        assertThat(problems("  m: " + mirror)).containsExactly("configuration:5: mirrors.m." + problem);
    }

    static final List<Arguments> SETTINGS = List.of(
            arguments("max-age: 0s", "max-age: \"0s\"" + DURATION),
            arguments("min-fidelity: 0%", "min-fidelity: \"0%\"" + SHARE),
            arguments("min-fidelity: 0.99", "min-fidelity: \"0.99\"" + SHARE),
            arguments("keep: 0", "keep: \"0\" (expected: a whole number, from 1 to 100)"),
            arguments("keep: 101", "keep: \"101\" (expected: a whole number, from 1 to 100)"),
            arguments("files: some", "files: \"some\" (expected: one of none, metadata, all)"),
            arguments("files-limit: 50GB", "files-limit: \"50GB\" (expected: a size such as 512, 64KiB, 256MiB, 1GiB)"),
            arguments("files: all, files-limit: 0", "files-limit: \"0\" (expected: more than 0, or files: none)"),
            arguments("capture: often", "capture: \"often\"" + FLAG),
            arguments("audit: never", "audit: \"never\" (expected: a duration such as 500ms, 2s, 5m, or 0s for none)"),
            arguments("audit: 3d", "audit: \"3d\" (expected: 0s, or sync: without it there is no index to ask)"),
            arguments(
                    "snyc: {}",
                    "snyc: unknown key (expected: did you mean \"sync\"? one of tree, url, store, max-age, min-fidelity,"
                            + " keep, files, files-limit, capture, audit, sync, follow)"),
            arguments(
                    "sync: true",
                    "sync: \"true\" (expected: a mapping with from, backend, every, connections, rate, documents,"
                            + " provenance, brake, read-all)"),
            arguments(
                    "sync: {}, follow: {url: \"https://a/\", key: mirror.pub}",
                    "follow: beside sync (expected: either sync, from the index, or follow, from another Detour)"),
            arguments("sync: {from: index}", "sync.from: \"index\"" + ROOT),
            arguments("sync: {from: [a]}", "sync.from: a list" + ROOT),
            arguments("sync: {backend: c}", "sync.backend: \"c\" (expected: a name defined under backends: b)"),
            arguments("sync: {every: 9s}", "sync.every: \"9s\" (expected: at least 10s)"),
            arguments("sync: {every: often}", "sync.every: \"often\"" + DURATION),
            arguments("sync: {connections: 51}", "sync.connections: \"51\" (expected: a whole number, from 1 to 50)"),
            arguments("sync: {rate: 0}", "sync.rate: \"0\" (expected: a whole number, from 1 to 100000)"),
            arguments("sync: {documents: some}", "sync.documents: \"some\" (expected: one of none, project, all)"),
            arguments("sync: {provenance: 1}", "sync.provenance: \"1\"" + FLAG),
            arguments("sync: {brake: 5%}", "sync.brake: \"5%\" (expected: a mapping with projects, share)"),
            arguments(
                    "sync: {brake: {projects: -1}}",
                    "sync.brake.projects: \"-1\" (expected: a whole number, at least 0)"),
            arguments(
                    "sync: {brake: {share: 101%}}",
                    "sync.brake.share: \"101%\" (expected: a share from 0% to 100%, such as 5%)"),
            arguments("sync: {read-all: 0s}", "sync.read-all: \"0s\"" + DURATION),
            arguments(
                    "sync: {every: 2d, read-all: 1d}",
                    "sync.every: \"2d\" (expected: every no larger than read-all (24h))"),
            arguments("follow: {key: mirror.pub}", "follow.url: missing" + PUBLISHED),
            arguments("follow: {url: \"https://a/\"}", "follow.key: missing" + KEY),
            arguments("follow: {url: \"https://a/\", key: no.pub}", "follow.key: \"DIR/no.pub\" is no such file" + KEY),
            arguments(
                    "follow: {url: \"https://a/\", key: mirror.pub, every: 999ms}",
                    "follow.every: \"999ms\" (expected: at least 1s)"),
            arguments("capture: often, follow: {url: \"https://a/\", key: mirror.pub}", "capture: \"often\"" + FLAG),
            arguments(
                    "capture: true, follow: {url: \"https://a/\", key: mirror.pub}",
                    "capture: \"true\" (expected: no capture with follow: what is followed is signed)"));

    @ParameterizedTest
    @FieldSource("SETTINGS")
    void eachProblemOfAStoreIsOneLine(String setting, String problem) {
        assertThat(problems("  m: {store: copy, " + setting + "}"))
                .containsExactly("configuration:5: mirrors.m." + problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "index.example.org",
                "//index.example.org/",
                "https:index",
                "https:///x/",
                "https://a:70000/",
                "https://a:0/",
                "https://a/?x=1",
                "https://a/#x",
                "https://me:secret@a/",
                "https://a b/",
                "https://ä.example.org/",
                "file:///web/",
                "https://a/simple",
                "https://a/simple/",
                "https://a/root/pypi/simple/"
            })
    void whatIsNoRootOfAnIndexIsRefused(String url) {
        assertThat(problems("  m: {url: '" + url + "'}"))
                .containsExactly("configuration:5: mirrors.m.url: \"" + url + "\"" + ROOT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:web/", "file://host/web/", "web/", "s3://bucket/", "https://a/?x=1"})
    void whatIsNoPlaceOfPublishedGenerationsIsRefused(String url) {
        assertThat(problems("  m: {store: copy, follow: {url: '" + url + "', key: mirror.pub}}"))
                .containsExactly("configuration:5: mirrors.m.follow.url: \"" + url + "\"" + PUBLISHED);
    }

    @Test
    void aSyncNeedsSomebodyToAsk() {
        List<String> problems =
                problems("routes: [{name: r, match: {}, backend: b}]", "  m:\n    store: copy\n    sync: {every: 10m}");

        assertThat(problems)
                .containsExactly("configuration:7: mirrors.m.sync.from: missing"
                        + " (expected: the URL of an index, or backend, or index.backend)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy", "./copy/", "web/../copy", "copy/deep", "."})
    void twoStoresHaveNothingInCommon(String second) {
        List<String> problems = problems("  m: {store: copy}\n  n: {store: " + second + "}");

        assertThat(problems)
                .containsExactly("configuration:6: mirrors.n.store: \""
                        + ConfigFiles.in(directory).resolve(second) + "\"" + AWAY + "m)");
    }

    @Test
    void aStoreReachedByALinkIsTheSameStore() throws Exception {
        Files.createDirectory(directory.resolve("copy"));
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("copy"));

        List<String> problems = problems("  m: {store: copy}\n  n: {store: link/}");

        assertThat(problems)
                .containsExactly(
                        "configuration:6: mirrors.n.store: \"" + directory.resolve("link") + "\"" + AWAY + "m)");
    }

    @Test
    void aStoreIsNotWrittenIntoATree() {
        assertThat(problems("  m: {tree: web}\n  n: {store: web}"))
                .containsExactly(
                        "configuration:6: mirrors.n.store: \"" + directory.resolve("web") + "\"" + AWAY + "m)");
        assertThat(problems("  m: {store: web}\n  n: {tree: web}"))
                .containsExactly("configuration:6: mirrors.n.tree: \"" + directory.resolve("web") + "\"" + AWAY + "m)");
    }

    private List<String> problems(String mirrors) {
        return problems("index: {backend: b}", mirrors);
    }

    private List<String> problems(String index, String mirrors) {
        String text = "listeners: [{address: \"127.0.0.1:0\"}]\nbackends: {b: {endpoints: [http://127.0.0.1:8000]}}\n"
                + index + "\nmirrors:\n" + mirrors + "\n";
        InvalidConfigException e = catchThrowableOfType(
                InvalidConfigException.class, () -> ConfigLoader.load(text, ConfigFiles.in(directory)));
        return e.problems().stream()
                .map(Problem::toString)
                .map(problem -> problem.replace(directory + "/no.pub", "DIR/no.pub")
                        .replace(directory + "/ca.pem", "DIR/ca.pem"))
                .toList();
    }
}
