package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class PageCheckTest {
    private static final String REMOVED = "-";

    private static ObjectNode page() {
        return CanonicalJson.readObject(Golden.bytes("everything.json"));
    }

    private static ObjectNode file(ObjectNode page) {
        return (ObjectNode) page.required("files").required(0);
    }

    private static JsonNode json(String text) {
        return CanonicalJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void set(ObjectNode object, String key, String value) {
        if (value.equals(REMOVED)) {
            object.remove(key);
        } else {
            object.set(key, json(value));
        }
    }

    private static List<Problem> problems(ObjectNode page) {
        return PageCheck.of(page, "everything");
    }

    static List<String> projects() throws Exception {
        return Golden.projects();
    }

    @ParameterizedTest
    @MethodSource("projects")
    void goldenPageIsGood(String project) {
        assertThat(PageCheck.of(CanonicalJson.readObject(Golden.bytes(project + ".json")), project))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "filename | - | filename",
                "filename | 7 | filename",
                "filename | \"\" | filename",
                "filename | \"../everything-2.0.zip\" | filename",
                "filename | \"everything_else-2.0-py3-none-any.whl\" | filename",
                "filename | \"other-2.0.tar.gz\" | filename",
                "url | - | url",
                "url | \"\" | url",
                "url | \"file:///etc/passwd\" | url",
                "url | \"https:///x\" | url",
                "url | \"a b.whl\" | url",
                "hashes | - | hashes",
                "hashes | [] | hashes",
                "hashes | {\"sha256\":7} | hashes.sha256",
                "hashes | {\"sha256\":\"abc\"} | hashes.sha256",
                "requires-python | false | requires-python",
                "size | - | size",
                "size | null | size",
                "size | -1 | size",
                "size | 1.5 | size",
                "size | \"12\" | size",
                "upload-time | \"\" | upload-time",
                "upload-time | \"2026-03-04 05:06:07\" | upload-time",
                "upload-time | \"2026-13-04T05:06:07Z\" | upload-time",
                "upload-time | \"2026-02-29T05:06:07Z\" | upload-time",
                "upload-time | \"2026-03-04T24:06:07Z\" | upload-time",
                "upload-time | \"2026-03-04T05:06:07\" | upload-time",
                "upload-time | \"2026-03-04T05:06:07.Z\" | upload-time",
                "upload-time | \"2026-03-04T05:06:07.1\" | upload-time",
                "upload-time | \"2026-03-04T05:06:07Zx\" | upload-time",
                "upload-time | \"2026-03-04T05:06:07+2:00\" | upload-time",
                "yanked | 1 | yanked",
                "yanked | {} | yanked",
                "core-metadata | \"true\" | core-metadata",
                "core-metadata | {\"sha256\":\"xyz\"} | core-metadata.sha256",
                "data-dist-info-metadata | [] | data-dist-info-metadata",
                "provenance | true | provenance",
                "provenance | \"x\" | provenance",
                "gpg-sig | \"true\" | gpg-sig"
            })
    void wrongFieldOfAFileIsTheOnlyProblem(String key, String value, String field) {
        ObjectNode page = page();
        set(file(page), key, value);

        assertThat(problems(page)).singleElement().extracting(Problem::field).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "requires-python | -",
                "requires-python | null",
                "requires-python | \">=weird\"",
                "upload-time | -",
                "upload-time | \"2026-03-04T05:06:07.123456+02:00\"",
                "upload-time | \"2024-02-29t23:59:60z\"",
                "yanked | -",
                "yanked | true",
                "yanked | \"\"",
                "core-metadata | true",
                "core-metadata | -",
                "core-metadata | {\"sha3_256\":\"" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                        + "\"}",
                "provenance | null",
                "gpg-sig | true",
                "x-future | {\"a\":[1]}",
                "url | \"../../packages/everything-2.0-py3-none-any.whl\"",
                "filename | \"python3-everything-2.0.noarch.rpm\"",
                "filename | \"Everything-2.0.tar.gz\""
            })
    void whatTheSpecificationAllowsIsNoProblem(String key, String value) {
        ObjectNode page = page();
        set(file(page), key, value);

        assertThat(problems(page)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "meta | - | meta",
                "meta | {} | meta.api-version",
                "meta | {\"api-version\":\"2.0\"} | meta.api-version",
                "meta | {\"api-version\":1.4} | meta.api-version",
                "meta | {\"api-version\":\"1.4\",\"_last-serial\":\"7\"} | meta._last-serial",
                "name | - | name",
                "name | \"other\" | name",
                "files | {} | files",
                "files | [7] | files[0]",
                "versions | - | versions",
                "versions | {} | versions",
                "versions | [2.0] | versions",
                "versions | [\"2.0\",\"2.0\"] | versions",
                "project-status | \"archived\" | project-status",
                "project-status | {} | project-status.status",
                "project-status | {\"status\":\"archived\",\"reason\":7} | project-status.reason",
                "project-status | {\"status\":\"quarantined\"} | files"
            })
    void wrongFieldOfThePageIsTheOnlyProblem(String key, String value, String field) {
        ObjectNode page = page();
        set(page, key, value);

        assertThat(problems(page)).singleElement().extracting(Problem::field).isEqualTo(field);
    }

    @Test
    void pageOfTheFirstVersionNeedsNeitherSizesNorVersions() {
        ObjectNode page = page();
        ((ObjectNode) page.required("meta")).put("api-version", "1.0");
        page.remove("versions");
        file(page).remove("size");

        assertThat(problems(page)).isEmpty();
    }

    @Test
    void displayNameOfTheProjectIsItsName() {
        ObjectNode page = page();
        page.put("name", "Everything");

        assertThat(problems(page)).isEmpty();
    }

    @Test
    void fileWithoutHashesIsGoodOnlyWhereTheIndexGivesNone() {
        ObjectNode page = page();
        file(page).putObject("hashes");
        assertThat(problems(page)).isEmpty();

        ObjectNode hashed = file(page()).put("filename", "everything-2.1.tar.gz");
        ((ArrayNode) page.required("files")).add(hashed);

        assertThat(problems(page)).singleElement().extracting(Problem::field).isEqualTo("hashes");
    }

    @Test
    void twoFilesOfOneNameAreReported() {
        ObjectNode page = page();
        ((ArrayNode) page.required("files")).add(file(page()));

        assertThat(problems(page)).singleElement().extracting(Problem::found).isEqualTo("there twice");
    }

    @Test
    void everyProblemIsReportedInWords() {
        ObjectNode page = page();
        page.put("name", "other");
        file(page).put("size", -1).remove("url");

        assertThat(problems(page))
                .map(Problem::toString)
                .containsExactly(
                        "'name' is \"other\" (expected: everything)",
                        "'url' of everything-2.0-py3-none-any.whl is missing (expected: an http or https URL, or a relative"
                                + " one)",
                        "'size' of everything-2.0-py3-none-any.whl is -1 (expected: a whole number of bytes)");
    }
}
