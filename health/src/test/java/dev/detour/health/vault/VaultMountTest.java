package dev.detour.health.vault;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.certificate.SourceProblem.Kind;
import dev.detour.health.crl.CrlHistory;
import dev.detour.health.crl.CrlLimit;
import dev.detour.health.crl.CrlWatch;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.health.source.Look;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.TestCertificates;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mount as Vault's own answers show it; their shapes are those of the HTTP API of Vault 1.19. */
class VaultMountTest {
    private static final Instant NOW = Instant.parse("2021-04-05T14:00:00Z");
    private static final TestCertificates CERTIFICATES = TestCertificates.at(NOW);
    private static final String UNSEALED =
            "{\"type\":\"shamir\",\"initialized\":true,\"sealed\":false,\"t\":3,\"n\":5}";
    private static final String GOOD_CRL = """
            {"request_id":"a","lease_id":"","renewable":false,"lease_duration":0,"data":{"auto_rebuild":true,
            "auto_rebuild_grace_period":"12h","delta_rebuild_interval":"15m","disable":false,"enable_delta":false,
            "expiry":"72h","max_crl_entries":13000,"ocsp_disable":false,"ocsp_expiry":"12h"},"warnings":null}""";
    private static final String GOOD_TIDY = """
            {"data":{"enabled":true,"interval_duration":43200,"tidy_cert_store":true,"tidy_revoked_certs":true,
            "safety_buffer":259200,"pause_duration":"0s"}}""";
    private static final String GOOD_STATUS = """
            {"data":{"state":"Finished","error":null,"time_started":"2021-04-05T02:00:00.1Z",
            "time_finished":"2021-04-05T02:00:09.2Z","last_auto_tidy_finished":"2021-04-05T02:00:09.2Z",
            "current_cert_store_count":14000,"current_revoked_cert_count":250,"cert_store_deleted_count":12}}""";
    private static final String GOOD_TOKEN =
            "{\"data\":{\"ttl\":2764000,\"creation_ttl\":2764800,\"renewable\":true,\"policies\":[\"watch\"]}}";

    private final WireMockServer vault =
            new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
    private final ManualClock clock = ManualClock.at(NOW);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path token;

    @BeforeEach
    void aVaultThatIsWell() throws Exception {
        vault.start();
        token = Files.writeString(folder.resolve("token"), "hvs.secret\n");
        everybodyMay("sys/seal-status", UNSEALED);
        vault.stubFor(get("/v1/pki/ca_chain")
                .willReturn(aResponse().withBody(Files.readString(CERTIFICATES.writeCa(folder)))));
        withTokenOnly("pki/config/crl", GOOD_CRL);
        withTokenOnly("pki/config/auto-tidy", GOOD_TIDY);
        withTokenOnly("pki/tidy-status", GOOD_STATUS);
        withTokenOnly("auth/token/lookup-self", GOOD_TOKEN);
    }

    @AfterEach
    void stop() {
        vault.stop();
    }

    private void everybodyMay(String path, String json) {
        vault.stubFor(get("/v1/" + path).willReturn(okJson(json)));
    }

    private void withTokenOnly(String path, String json) {
        vault.stubFor(get("/v1/" + path)
                .willReturn(aResponse().withStatus(403).withBody("{\"errors\":[\"permission denied\"]}")));
        vault.stubFor(get("/v1/" + path)
                .withHeader("X-Vault-Token", equalTo("hvs.secret"))
                .willReturn(okJson(json)));
    }

    private VaultMount mount() {
        return new VaultMount(
                new VaultSettings(
                        "internal", URI.create(vault.baseUrl() + "/"), "pki", token, null, null, CrlLimit.CONSUL),
                clock);
    }

    private Look look() throws InterruptedException {
        return mount().look();
    }

    private static List<Kind> kinds(Look look) {
        return look.problems().stream().map(SourceProblem::kind).toList();
    }

    @Test
    void theAuthoritiesOfTheMountAreFoundAndNothingIsWrong() throws Exception {
        Look look = look();

        assertThat(look.problems()).isEmpty();
        assertThat(look.findings()).isEmpty();
        assertThat(look.certificates()).singleElement().satisfies(found -> {
            assertThat(found.certificate()).isEqualTo(CERTIFICATES.ca());
            assertThat(found.place()).hasToString("internal/pki/ca_chain #1");
        });
    }

    @Test
    void aMountWithOneAuthorityIsAskedForThat() throws Exception {
        vault.stubFor(get("/v1/pki/ca_chain").willReturn(aResponse().withStatus(204)));
        vault.stubFor(
                get("/v1/pki/ca/pem").willReturn(aResponse().withBody(Files.readString(CERTIFICATES.writeCa(folder)))));

        assertThat(look().certificates()).hasSize(1);
    }

    @Test
    void aSealedVaultIsBlindAndNotFine() throws Exception {
        everybodyMay("sys/seal-status", UNSEALED.replace("\"sealed\":false", "\"sealed\":true"));

        Look look = look();

        assertThat(look.certificates()).isEmpty();
        assertThat(look.problems())
                .singleElement()
                .hasToString("internal: Vault is sealed (expected: an unsealed Vault)");
        assertThat(kinds(look)).containsExactly(Kind.SEALED);
    }

    @Test
    void whatATokenMayNotSeeIsNamedWithThePolicyThatIsMissingAndHidesNothingElse() throws Exception {
        vault.stubFor(get("/v1/pki/config/auto-tidy")
                .withHeader("X-Vault-Token", equalTo("hvs.secret"))
                .willReturn(aResponse()
                        .withStatus(403)
                        .withBody("{\"errors\":[\"1 error occurred:\\n\\t* permission denied\\n\\n\"]}")));

        Look look = look();

        assertThat(look.certificates()).hasSize(1);
        assertThat(look.problems())
                .singleElement()
                .hasToString(
                        "internal/pki/config/auto-tidy: 403: 1 error occurred:??* permission denied (expected: a token"
                                + " whose policy has path \"pki/config/auto-tidy\" with the capability read)");
        assertThat(kinds(look)).containsExactly(Kind.DENIED);
    }

    @Test
    void aTokenIsReadAnewAtEachLookAndNeverShown() throws Exception {
        VaultMount mount = mount();
        Files.writeString(token, "hvs.wrong");
        Look denied = mount.look();
        assertThat(kinds(denied)).containsOnly(Kind.DENIED).hasSize(4);
        assertThat(denied.toString()).doesNotContain("hvs.");

        Files.writeString(token, "hvs.secret");
        assertThat(mount.look().problems()).isEmpty();

        Files.writeString(token, "two\nlines");
        assertThat(mount.look().problems())
                .singleElement()
                .hasToString(token + ": no token (expected: a token for Vault on one line)");
    }

    @Test
    void withoutATokenTheCrlAndTheAuthoritiesAreWatchedAllTheSame() throws Exception {
        VaultMount mount = new VaultMount(
                new VaultSettings(
                        "internal", URI.create(vault.baseUrl() + "/"), "pki", null, null, null, CrlLimit.RAFT),
                clock);

        Look look = mount.look();

        assertThat(look.problems()).isEmpty();
        assertThat(look.certificates()).hasSize(1);
        assertThat(mount.state()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "max_crl_entries":13000   | "max_crl_entries":100000 | max_crl_entries is 100000 (expected: at most 13443: 100000 entries are 3900000 bytes, and consul takes 524288)
            "max_crl_entries":13000   | "max_crl_entries":-1     | max_crl_entries is off (expected: at most 13443: nothing keeps the CRL within consul)
            "auto_rebuild":true       | "auto_rebuild":false     | auto_rebuild is false (expected: true: the CRL is made at each revocation, and without any it goes stale after 72 h)
            "disable":false           | "disable":true           | disable is true (expected: false: revocations are not published)
            "enabled":true            | "enabled":false          | enabled (auto-tidy) is false (expected: true: the CRL keeps every certificate that was ever revoked)
            "tidy_revoked_certs":true | "tidy_revoked_certs":false | tidy_revoked_certs is false (expected: true: entries stay in the CRL after their certificates have ended)
            "tidy_cert_store":true    | "tidy_cert_store":false  | tidy_cert_store is false (expected: true: expired certificates stay in the store, and make tidying slow)
            """)
    void aSettingThatLeadsIntoTheOutageIsNamed(String good, String bad, String text) throws Exception {
        withTokenOnly("pki/config/crl", GOOD_CRL.replace(good, bad));
        withTokenOnly("pki/config/auto-tidy", GOOD_TIDY.replace(good, bad));

        assertThat(look().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.VAULT_SETTINGS);
            assertThat(finding.text()).isEqualTo("mount pki: " + text);
        });
    }

    @Test
    void deltasWithoutRebuildingAreNamed() throws Exception {
        withTokenOnly(
                "pki/config/crl",
                GOOD_CRL.replace("\"enable_delta\":false", "\"enable_delta\":true")
                        .replace("\"auto_rebuild\":true", "\"auto_rebuild\":false"));

        assertThat(look().findings()).hasSize(2).extracting(Finding::place).contains("pki enable_delta");
    }

    @Test
    void anOlderVaultWithoutTheGuardIsNotBlamedForIt() throws Exception {
        withTokenOnly("pki/config/crl", "{\"data\":{\"auto_rebuild\":true,\"disable\":false,\"expiry\":\"72h\"}}");

        assertThat(look().findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            2021-04-05T02:00:09.2Z | 2021-04-03T02:00:00Z | WARNING  | tidying has last finished 2 d ago
            2021-04-05T02:00:09.2Z | 2021-03-03T02:00:00Z | CRITICAL | tidying has last finished 33 d ago
            "error":null           | "error":"timeout"    | WARNING  | the last tidying has failed: timeout
            """)
    void tidyingThatHasFailedOrNotRunIsFound(String good, String bad, Severity severity, String text) throws Exception {
        withTokenOnly("pki/tidy-status", GOOD_STATUS.replace(good, bad));

        assertThat(look().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.VAULT_TIDY);
            assertThat(finding.severity()).isEqualTo(severity);
            assertThat(finding.text()).contains(text);
        });
    }

    @Test
    void tidyingThatDoesNotEndIsFound() throws Exception {
        withTokenOnly(
                "pki/tidy-status",
                "{\"data\":{\"state\":\"Running\",\"time_started\":\"2021-04-03T14:00:00Z\",\"time_finished\":null,"
                        + "\"current_cert_store_count\":7}}");

        assertThat(look().findings())
                .extracting(Finding::text)
                .containsExactly("mount pki: tidying has been running for 48 h");
    }

    @Test
    void withoutCountsNobodyKnowsWhatARestartWouldDoAndThatIsSaid() throws Exception {
        withTokenOnly(
                "pki/tidy-status",
                GOOD_STATUS.replace("\"current_cert_store_count\":14000", "\"current_cert_store_count\":null"));

        assertThat(look().findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.text())
                        .startsWith("mount pki: maintain_stored_certificate_counts is false"));
    }

    @Test
    void anAnswerThatStopsIsNotWaitedForLongerThanPatienceLasts() throws Exception {
        try (java.net.ServerSocket server =
                new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Thread stalls = new Thread(() -> {
                try (java.net.Socket socket = server.accept()) {
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
                                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    socket.getOutputStream().flush();
                    // until the other side gives up
                    while (socket.getInputStream().read() >= 0) {}
                } catch (java.io.IOException e) {
                    // the test is over
                }
            });
            stalls.start();
            VaultClient client = new VaultClient(
                    new VaultSettings(
                            "internal",
                            URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"),
                            "pki",
                            null,
                            null,
                            null,
                            CrlLimit.CONSUL),
                    java.time.Duration.ofMillis(300));

            org.assertj.core.api.Assertions.assertThatThrownBy(() -> client.open(client.http(), "pki/ca_chain"))
                    .hasMessageContaining("internal/pki/ca_chain: an answer that stops");
            stalls.join(10_000);
        }
    }

    @Test
    void theWatchersOwnTokenIsWatched() throws Exception {
        withTokenOnly(
                "auth/token/lookup-self", "{\"data\":{\"ttl\":86400,\"creation_ttl\":2764800,\"renewable\":false}}");

        assertThat(look().findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.text())
                        .isEqualTo("the token for Vault in " + token
                                + " ends on 2021-04-06T14:00:00Z and cannot be renewed"));
    }

    @Test
    void garbageIsNamed() throws Exception {
        everybodyMay("pki/ca_chain", "<html>");
        withTokenOnly("pki/tidy-status", "<html>");

        assertThat(kinds(look())).containsExactly(Kind.MALFORMED, Kind.MALFORMED);
    }

    @Test
    void noMountThereIsNamed() throws Exception {
        vault.stubFor(get("/v1/pki/ca_chain").willReturn(aResponse().withStatus(404)));
        vault.stubFor(get("/v1/pki/ca/pem").willReturn(aResponse().withStatus(404)));

        assertThat(kinds(look())).containsExactly(Kind.MISSING);
    }

    @Test
    void aVaultThatIsGoneIsNamedOnce() throws Exception {
        VaultMount mount = mount();
        vault.stop();

        assertThat(kinds(mount.look())).containsExactly(Kind.UNREACHABLE);
    }

    @Test
    void theCrlIsMeasuredAgainstWhatTheMountHasIssued() throws Exception {
        byte[] crl = CERTIFICATES.crl(NOW.plusSeconds(86_400));
        vault.stubFor(get("/v1/pki/crl")
                .willReturn(aResponse()
                        .withHeader("Content-Type", "application/pkix-crl")
                        .withBody(crl)));
        VaultMount mount = mount();
        mount.look();
        CrlWatch watch = new CrlWatch(CrlHistory.in(folder.resolve("sizes.jsonl")), clock);

        watch.look(List.of(mount.crl()));

        assertThat(watch.findings(NOW)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.CRL_SHOCK);
            assertThat(finding.text())
                    .contains("revoking every live certificate at once would make it " + (crl.length + 13_750 * 39)
                            + " bytes");
        });
    }
}
