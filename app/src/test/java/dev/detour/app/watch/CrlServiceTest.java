package dev.detour.app.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.cli.CrlFiles;
import dev.detour.testkit.FakeBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Revocation lists as a running instance sees them. */
class CrlServiceTest {
    private static final String CRLS = "/api/v1/crls";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private WatchingEdge edge(FakeBackend index, String crls) throws Exception {
        return WatchingEdge.start(folder, "{endpoints: [\"" + index.url() + "\"]}", "crls: {every: 1s, " + crls + "}");
    }

    @Test
    void aListIsMeasuredAgainstItsStoreAndTheRestartThatRevokesEverything() throws Exception {
        CrlFiles.write(folder, 1_000);
        try (FakeBackend index = FakeBackend.clear();
                WatchingEdge edge = edge(
                        index,
                        "sources: {pki: {file: ca.crl, issuer: ca.pem, limit: consul, lifetime: 30d, live: 50000}}")) {
            assertThat(edge.awaitFinding(CRLS, "crl_shock"))
                    .contains(
                            "ca.crl: revoking every live certificate at once would make it",
                            "over the limit of 524288 (consul)");

            JsonNode crl = edge.get(CRLS).path("crls").get(0);
            assertThat(crl.path("list").path("entries").asInt()).isEqualTo(1_000);
            assertThat(crl.path("list").path("signature").asString()).isEqualTo("good");
            assertThat(edge.command("crl")).startsWith("exit code 1\nWARNING").contains("of consul", "ca.crl");
            assertThat(edge.command("status")).contains("pki: ");
            assertThat(edge.metrics())
                    .containsPattern("detour_crl_entries\\{place=\"[^\"]*ca.crl\",source=\"pki\"} 1000.0")
                    .contains("detour_findings{rule=\"crl_shock\"} 1.0")
                    .containsPattern("detour_crl_size_limit_bytes\\{[^}]*} 524288.0")
                    .containsPattern("detour_crl_shock_size_bytes\\{[^}]*} 19892\\d\\d.0");
        }
    }

    @Test
    void aListThatIsReplacedByGarbageIsKeptAndMendsItself() throws Exception {
        Path file = CrlFiles.write(folder, 10);
        byte[] good = Files.readAllBytes(file);
        try (FakeBackend index = FakeBackend.clear();
                WatchingEdge edge = edge(index, "sources: {pki: {file: ca.crl}}")) {
            edge.awaiting(CRLS, each -> each.path("crls").size() == 1);
            Files.writeString(file, "garbage");

            assertThat(edge.awaitFinding(CRLS, "source_blind")).contains("ca.crl", "what was read before is kept");
            assertThat(edge.get(CRLS)
                            .path("crls")
                            .get(0)
                            .path("list")
                            .path("entries")
                            .asInt())
                    .isEqualTo(10);

            Files.write(file, good);
            assertThat(edge.awaiting(CRLS, each -> each.path("findings").isEmpty())
                            .path("status")
                            .asString())
                    .isEqualTo("ok");
        }
    }
}
