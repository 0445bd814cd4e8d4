package dev.detour.mirror.page;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A page with the fields and oddities that indexes have, written as JSON by hand: in sorted order and without the code under
 * test.
 *
 * @param status JSON of project-status, or "" for none
 * @param extra a member of the page that nobody knows, or ""
 */
record GeneratedPage(List<GeneratedFile> files, String status, String extra) {
    static final String PROJECT = "odd-project";

    /** In ascending order by PEP 440. */
    private static final List<String> VERSIONS = List.of(
            "0.0.1.dev1", "1.0a1", "1.0rc1", "1.0", "1.0+local.1", "1.0.post1", "1.9", "1.10", "2024.1", "1!0.1");

    /** What a generated file says beyond its name; each as JSON. */
    record GeneratedFile(
            String version, String metadata, String provenance, String python, String time, String yanked, int size) {
        String filename() {
            return "odd_project-" + version + "-py3-none-any.whl";
        }

        String json() {
            String hex = String.format(Locale.ROOT, "%064x", version.hashCode() & 0xffffffffL);
            return "{\"core-metadata\":" + metadata + ",\"data-dist-info-metadata\":" + metadata + ",\"filename\":\""
                    + filename() + "\",\"hashes\":{\"sha256\":\"" + hex + "\"},\"provenance\":" + provenance
                    + ",\"requires-python\":" + python + ",\"size\":" + size + ",\"upload-time\":" + time
                    + ",\"url\":\"https://files.example.org/packages/ab/cd/" + filename() + "\",\"yanked\":" + yanked
                    + "}";
        }

        /** As a page in HTML can say it. */
        String jsonInHtml() {
            return json().replace(",\"size\":" + size + ",\"upload-time\":" + time, "");
        }
    }

    String json() {
        return json(files.stream().map(GeneratedFile::json).collect(Collectors.joining(",")), "1.4", extra);
    }

    /** What the HTML form still says of the page. */
    String jsonInHtml() {
        String version = files.isEmpty() ? "1.4" : "1.0";
        return json(files.stream().map(GeneratedFile::jsonInHtml).collect(Collectors.joining(",")), version, "");
    }

    private String json(String written, String apiVersion, String more) {
        String versions = files.stream().map(file -> quoted(file.version())).collect(Collectors.joining(","));
        return "{" + more + "\"files\":[" + written + "],\"meta\":{\"_last-serial\":25000000000,\"api-version\":\""
                + apiVersion + "\"},\"name\":\"" + PROJECT + "\","
                + (status.isEmpty() ? "" : "\"project-status\":" + status + ",") + "\"versions\":[" + versions + "]}\n";
    }

    byte[] bytes() {
        return json().getBytes(StandardCharsets.UTF_8);
    }

    static String quoted(String text) {
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
        return "\"" + escaped.replace("\n", "\\n").replace("\t", "\\t") + "\"";
    }

    /** A page of any number of files from none to one for each version. */
    static Arbitrary<GeneratedPage> any() {
        Arbitrary<String> text = text();
        Arbitrary<String> status = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, Arbitraries.just("")),
                net.jqwik.api.Tuple.of(
                        3,
                        Arbitraries.of("active", "archived", "deprecated", "quarantined")
                                .map(word -> "{\"status\":\"" + word + "\"}")),
                net.jqwik.api.Tuple.of(
                        1, text.map(reason -> "{\"reason\":" + quoted(reason) + ",\"status\":\"archived\"}")));
        Arbitrary<String> extra = Arbitraries.of("", "\"alpha\":[1.50,{\"é\":null}],", "\"Z\":{},\"a\":\"\",");
        Arbitrary<List<String>> versions = Arbitraries.subsetOf(VERSIONS)
                .map(some -> VERSIONS.stream().filter(some::contains).toList());
        Arbitrary<List<GeneratedFile>> files = versions.flatMap(some -> file().list()
                .ofSize(some.size())
                .map(blank -> IntStream.range(0, some.size())
                        .mapToObj(i -> at(blank.get(i), some.get(i)))
                        .toList()));
        return Combinators.combine(files, status, extra).as(GeneratedPage::new);
    }

    private static GeneratedFile at(GeneratedFile file, String version) {
        return new GeneratedFile(
                version, file.metadata(), file.provenance(), file.python(), file.time(), file.yanked(), file.size());
    }

    private static Arbitrary<GeneratedFile> file() {
        Arbitrary<String> metadata =
                Arbitraries.of("false", "true", "{\"sha256\":\"" + "0123456789abcdef".repeat(4) + "\"}");
        Arbitrary<String> provenance = Arbitraries.of("null", "\"https://index.example.org/integrity/x?a=1&b=2\"");
        Arbitrary<String> python =
                Arbitraries.of("null", "\">=3.9,<4\"", "\"~=3.10\"", "\"<4,>='3.8'\"", "\">3.6&<9\"");
        Arbitrary<String> time = Arbitraries.of("\"2026-03-04T05:06:07.123456Z\"", "\"2026-03-04T05:06:07Z\"");
        Arbitrary<String> yanked =
                Arbitraries.oneOf(Arbitraries.of("false", "true"), text().map(GeneratedPage::quoted));
        return Combinators.combine(
                        metadata,
                        provenance,
                        python,
                        time,
                        yanked,
                        Arbitraries.integers().greaterOrEqual(0))
                .as((m, p, r, t, y, s) -> new GeneratedFile("", m, p, r, t, y, s));
    }

    /** Reasons as people write them, and worse. */
    private static Arbitrary<String> text() {
        Arbitrary<String> pieces = Arbitraries.of(
                "broken",
                "it's",
                "\"quoted\"",
                "a < b > c",
                "&amp;",
                "&#39;",
                "</a>",
                "<!--",
                "-->",
                "päth",
                "修正版",
                "😀",
                "\\",
                "\n",
                "\t",
                " ",
                "</html>",
                "%20",
                "=");
        return pieces.list().ofMinSize(1).ofMaxSize(6).map(list -> "x" + String.join("", list));
    }
}
