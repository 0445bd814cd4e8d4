package dev.detour.app.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Certificates as a running instance sees them: its own, its backends', and those it is told to watch. */
class CertificateServiceTest {
    private static final String CERTIFICATES = "/api/v1/certificates";
    private static final String QUICKLY = "every: 1s, probe-every: 1s";

    private final TestCertificates made = TestCertificates.create();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private String backend(FakeBackend backend) {
        made.writeCa(folder);
        return "{endpoints: [\"" + backend.url() + "\"], tls: {trust: ca.pem, server-name: localhost}}";
    }

    private static List<String> texts(JsonNode array, String field) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.path(field).asString()));
        return texts;
    }

    private static String serial(TestIdentity identity) {
        return identity.leaf().getSerialNumber().toString(16);
    }

    @Test
    void whatItLivesByIsWatchedWithoutAWord() throws Exception {
        TestIdentity own = made.server();
        own.write(folder);
        try (FakeBackend index = FakeBackend.tls(made.server().serverContext());
                WatchingEdge edge = WatchingEdge.start(folder, backend(index), "certificates: {" + QUICKLY + "}")) {
            JsonNode answer = edge.awaiting(
                    CERTIFICATES,
                    each -> texts(each.path("certificates"), "source")
                                    .containsAll(List.of("(own)", "(listeners)", "warehouse"))
                            && each.path("served").size() == 1);

            assertThat(texts(answer.path("sources"), "name")).containsExactly("(own)", "(listeners)", "warehouse");
            assertThat(texts(answer.path("certificates"), "place"))
                    .contains(
                            folder.resolve("server.crt").toString(),
                            folder.resolve("ca.pem").toString(),
                            "127.0.0.1:" + edge.port(),
                            "127.0.0.1:" + index.port());
            assertThat(answer.path("status").asString()).as(answer.toString()).isEqualTo("ok");
            assertThat(answer.path("served").get(0).path("matches").asBoolean()).isTrue();
        }
    }

    @Test
    void aBackendsChainIsToldWithEveryDefect() throws Exception {
        try (FakeBackend index = FakeBackend.tls(made.expiredUntrusted().serverContext());
                WatchingEdge edge = WatchingEdge.start(folder, backend(index), "certificates: {" + QUICKLY + "}")) {
            assertThat(edge.awaitFinding(CERTIFICATES, "certificate_expired"))
                    .contains("127.0.0.1:" + index.port(), "expired");
            assertThat(edge.awaitFinding(CERTIFICATES, "chain_defect"))
                    .contains("missing_intermediate: was issued by CN=Other CA");

            assertThat(edge.command("status")).startsWith("exit code 2").contains("warehouse: CN=expired-untrusted");
            assertThat(edge.command("certs"))
                    .startsWith("exit code 2\nCRITICAL")
                    .contains("critical chain_defect: certificate 1 of 127.0.0.1:", "EXPIRED", "CN=expired-untrusted");
        }
    }

    @Test
    void aListenersCertificateThatIsRenewedOnTheDiskIsToldUntilItIsServed() throws Exception {
        TestIdentity first = made.server();
        first.write(folder);
        try (FakeBackend index = FakeBackend.clear();
                WatchingEdge edge = WatchingEdge.start(
                        folder, "{endpoints: [\"" + index.url() + "\"]}", "certificates: {" + QUICKLY + "}")) {
            TestIdentity renewed = made.server();
            renewed.write(folder);

            assertThat(edge.awaitFinding(CERTIFICATES, "not_served"))
                    .contains("shows serial " + serial(first), "on the disk is serial " + serial(renewed));
            assertThat(edge.metrics())
                    .containsPattern(
                            "detour_cert_served_matches_source\\{server=\"127.0.0.1:\\d+\",source=\"\\(own\\)\"} 0.0");
        }
    }

    @Test
    void aKeyThatIsNoLongerThatOfTheCertificateIsCritical() throws Exception {
        made.server().write(folder);
        try (FakeBackend index = FakeBackend.clear();
                WatchingEdge edge = WatchingEdge.start(
                        folder, "{endpoints: [\"" + index.url() + "\"]}", "certificates: {" + QUICKLY + "}")) {
            Path other = Files.createDirectory(folder.resolve("other"));
            made.server().write(other);
            Files.copy(
                    other.resolve("server.key"),
                    folder.resolve("server.key"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);

            assertThat(edge.awaitFinding(CERTIFICATES, "key_mismatch"))
                    .contains("a private key that belongs to none of the certificates beside it");
        }
    }

    @Test
    void configuredSourcesAreJudgedByTheirOwnThresholdsAndSpoiltOnesAreKept() throws Exception {
        Path tls = Files.createDirectory(folder.resolve("tls"));
        TestIdentity watched = made.issue(made.request().withName("watched"));
        Path file = watched.write(tls);
        try (FakeBackend index = FakeBackend.clear();
                WatchingEdge edge = WatchingEdge.start(
                        folder,
                        "{endpoints: [\"" + index.url() + "\"]}",
                        "certificates: {" + QUICKLY
                                + ", sources: {early: {files: tls, warn: 1%}, late: {files: \"tls/*.crt\"}}}")) {
            edge.awaitFinding(CERTIFICATES, "certificate_due");
            JsonNode early = edge.get(CERTIFICATES + "?source=early");
            JsonNode late = edge.get(CERTIFICATES + "?source=late");
            assertThat(texts(early.path("certificates"), "verdict")).containsExactly("due");
            assertThat(texts(late.path("certificates"), "verdict")).containsExactly("ok");

            Files.writeString(file, "-----BEGIN CERTIFICATE-----\nMIIB");

            assertThat(edge.awaitFinding(CERTIFICATES, "source_blind"))
                    .contains("is cut off", "what was seen before is kept");
            JsonNode spoilt = edge.awaiting(
                    CERTIFICATES + "?source=late",
                    each -> each.path("certificates")
                            .path(0)
                            .path("unseenSince")
                            .isString());
            assertThat(texts(spoilt.path("certificates"), "verdict")).containsExactly("ok");
            String metrics = edge.metrics();
            assertThat(metrics)
                    .contains(
                            "detour_cert_source_up{kind=\"files\",source=\"early\"} 0.0",
                            "detour_findings{rule=\"source_blind\"} 2.0")
                    .containsPattern("detour_cert_source_errors_total\\{reason=\"malformed\",source=\"early\"} [1-9]")
                    .containsPattern(
                            "detour_cert_not_after_timestamp_seconds\\{entry=\"#1\",place=\"[^\"]*watched.crt\",source=\"late\"} "
                                    + scientific(watched.leaf().getNotAfter().toInstant()));

            watched.write(tls);
            JsonNode mended = edge.awaiting(
                    CERTIFICATES + "?source=late",
                    each -> each.path("certificates")
                            .path(0)
                            .path("unseenSince")
                            .isNull());
            assertThat(mended.path("certificates").path(0).path("unseenSince").isNull())
                    .isTrue();
        }
    }

    /** A number as Prometheus' text has it. */
    private static String scientific(Instant instant) {
        return String.valueOf((double) instant.getEpochSecond()).replace(".", "\\.");
    }

    @Test
    void aListedServerIsLookedAtAndOneThatIsGoneIsBlind() throws Exception {
        try (FakeBackend index = FakeBackend.clear();
                FakeBackend other = FakeBackend.tls(made.issue(made.request()
                                .withValidity(
                                        Clock.systemUTC().instant().minus(Duration.ofDays(300)),
                                        // an hour more: the test takes a moment
                                        Clock.systemUTC()
                                                .instant()
                                                .plus(Duration.ofDays(20))
                                                .plus(Duration.ofHours(1))))
                        .serverContext());
                WatchingEdge edge = WatchingEdge.start(
                        folder,
                        "{endpoints: [\"" + index.url() + "\"]}",
                        "certificates: {" + QUICKLY + ", sources: {vault: {server: \"localhost:" + other.port()
                                + "\", trust: " + made.writeCa(folder).getFileName()
                                + "}, gone: {server: \"localhost:1\"}}}")) {
            assertThat(edge.awaitFinding(CERTIFICATES, "certificate_critical")).contains("20 d are left");
            assertThat(edge.awaitFinding(CERTIFICATES, "source_blind")).contains("localhost:1: refused");
            JsonNode answer = edge.get(CERTIFICATES + "?verdict=critical");
            assertThat(texts(answer.path("certificates"), "source")).containsExactly("vault");
        }
    }

    @Test
    void aWrongQuestionIsAnsweredWithWhatWasExpected() throws Exception {
        try (FakeBackend index = FakeBackend.clear();
                WatchingEdge edge = WatchingEdge.start(folder, "{endpoints: [\"" + index.url() + "\"]}", "")) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> edge.get(CERTIFICATES + "?verdict=bad"))
                    .hasMessageContaining(
                            "verdict: bad (expected: one of [ok, due, late, critical, expired, not_yet_valid])");
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> edge.get(CERTIFICATES + "?source=none"))
                    .hasMessageContaining("source: none (expected: one of [])");
        }
    }
}
