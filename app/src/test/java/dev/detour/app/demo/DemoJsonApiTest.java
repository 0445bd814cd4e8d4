package dev.detour.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoJsonApiTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final DemoProject library = new DemoPackages().project("demolib").orElseThrow();

    @Test
    void projectDocumentDescribesTheLatestReleaseAndListsAll() {
        JsonNode document = JSON.readTree(DemoJsonApi.project(library));

        assertThat(document.propertyNames())
                .containsExactly("info", "last_serial", "ownership", "releases", "urls", "vulnerabilities");
        assertThat(document.get("info").get("version").asString()).isEqualTo("2.0.0");
        assertThat(document.get("last_serial").asLong()).isEqualTo(31_000_109);
        assertThat(document.get("releases").propertyNames()).containsExactly("1.0.0", "1.1.0", "1.2.0", "2.0.0");
        assertThat(document.get("releases").get("1.1.0").findValuesAsString("packagetype"))
                .containsExactly("bdist_wheel", "sdist");
    }

    @Test
    void releaseDocumentIsOfThatReleaseAlone() {
        JsonNode document = JSON.readTree(DemoJsonApi.release(library, "1.2.0").orElseThrow());

        assertThat(document.has("releases")).isFalse();
        assertThat(document.get("info").get("yanked").asBoolean()).isTrue();
        assertThat(document.get("info").get("yanked_reason").asString()).isEqualTo("breaks demoapp");
        assertThat(document.get("urls")).hasSize(1);
        assertThat(document.get("urls").get(0).get("digests").get("sha256").asString())
                .isEqualTo(library.filesOf("1.2.0").get(0).sha256());
    }

    @Test
    void releaseCarriesItsRequirements() {
        DemoProject application = new DemoPackages().project("demoapp").orElseThrow();

        JsonNode document =
                JSON.readTree(DemoJsonApi.release(application, "1.1.0").orElseThrow());

        assertThat(document.get("info").get("requires_dist")).hasToString("[\"demolib>=1.0\"]");
    }

    @Test
    void versionIsMatchedInItsCanonicalForm() {
        assertThat(DemoJsonApi.release(library, "1.1"))
                .hasValueSatisfying(document -> assertThat(JSON.readTree(document)
                                .get("info")
                                .get("version")
                                .asString())
                        .isEqualTo("1.1.0"));
        assertThat(DemoJsonApi.release(library, "1.10")).isEmpty();
        assertThat(DemoJsonApi.release(library, "9")).isEmpty();
    }
}
