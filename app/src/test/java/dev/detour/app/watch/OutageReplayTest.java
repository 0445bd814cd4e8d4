package dev.detour.app.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoPackages;
import dev.detour.app.demo.DemoTree;
import dev.detour.health.certificate.Thresholds;
import dev.detour.health.crl.CrlFileSource;
import dev.detour.health.crl.CrlHistory;
import dev.detour.health.crl.CrlLimit;
import dev.detour.health.crl.CrlTerms;
import dev.detour.health.crl.CrlWatch;
import dev.detour.health.crl.WatchedCrl;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.health.inventory.FilesSource;
import dev.detour.health.inventory.Inventory;
import dev.detour.health.inventory.Judgement;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The outage of 2021-04-05 once more: certificates of a year that were made by hand expire, everything is issued anew at once,
 * the revoked leaves of a month outgrow what Consul takes, and Vault goes down.
 */
class OutageReplayTest {
    private static final Instant MADE = Instant.parse("2020-04-05T14:00:00Z");
    private static final Instant OUTAGE = Instant.parse("2021-04-05T14:00:00Z");
    /** Leaves that live for thirty days, so many that all of them do not fit into one CRL. */
    private static final int LIVE_LEAVES = 14_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void atThreeQuartersOfTheirYearTheCertificatesAreDueAndStaySoUntilTheyAreCritical() throws Exception {
        TestCertificates authority = TestCertificates.at(MADE);
        authority
                .issue(authority.request().withName("vault").withValidity(MADE, OUTAGE))
                .write(folder);
        FilesSource source =
                new FilesSource("internal", folder.resolve("vault.crt").toString(), null);
        Inventory inventory = new Inventory(List.of(source));
        Judgement judgement = new Judgement(Thresholds.BY_CLASS, Map.of());
        ManualClock clock = ManualClock.at(MADE);
        Map<Rule, Instant> first = new java.util.EnumMap<>(Rule.class);

        while (clock.instant().isBefore(OUTAGE.plus(Duration.ofDays(2)))) {
            inventory.accept(source, source.look(), clock.instant());
            for (Finding finding : judgement.findings(inventory.sources(), clock.instant())) {
                first.putIfAbsent(finding.rule(), clock.instant());
            }
            clock.advance(Duration.ofDays(1));
        }

        Duration year = Duration.between(MADE, OUTAGE);
        assertThat(first.get(Rule.CERTIFICATE_DUE))
                .isBetween(MADE.plus(year.multipliedBy(75).dividedBy(100)), MADE.plus(Duration.ofDays(275)));
        assertThat(first.get(Rule.CERTIFICATE_LATE)).isBefore(OUTAGE.minus(Duration.ofDays(50)));
        assertThat(first.get(Rule.CERTIFICATE_CRITICAL)).isBeforeOrEqualTo(OUTAGE.minus(Duration.ofDays(30)));
        assertThat(first.get(Rule.CERTIFICATE_EXPIRED)).isEqualTo(OUTAGE.plus(Duration.ofDays(1)));
    }

    @Test
    void theRestartThatRevokesEveryLeafIsTooMuchForConsulAndThatIsKnownBefore() throws Exception {
        TestCertificates authority = TestCertificates.at(OUTAGE);
        Path crl = folder.resolve("ca.crl");
        ManualClock clock = ManualClock.at(OUTAGE.minus(Duration.ofDays(20)));
        CrlWatch watch = new CrlWatch(CrlHistory.in(folder.resolve("sizes.jsonl")), clock);
        CrlTerms terms = new CrlTerms(CrlLimit.CONSUL, Duration.ofDays(30), (long) LIVE_LEAVES, true);
        List<X509Certificate> issuers = List.of(authority.ca());
        List<WatchedCrl> watched = List.of(new WatchedCrl(new CrlFileSource("pki", crl), () -> issuers, () -> terms));

        // the weeks before: a few revocations, a trend that is as good as flat
        List<Finding> before = List.of();
        for (int day = 0; day < 20; day++) {
            Files.write(crl, authority.crl(clock.instant().plus(Duration.ofDays(3)), serials(200 + day)));
            watch.look(watched);
            before = watch.findings(clock.instant());
            assertThat(before).extracting(Finding::rule).containsExactly(Rule.CRL_SHOCK);
            clock.advance(Duration.ofDays(1));
        }
        assertThat(before)
                .singleElement()
                .satisfies(finding -> assertThat(finding.text())
                        .contains(
                                "revoking every live certificate at once would make it",
                                "over the limit of 524288 (consul)"));

        // the restart: every lease is found expired, every leaf revoked
        Files.write(crl, authority.crl(clock.instant().plus(Duration.ofDays(3)), serials(LIVE_LEAVES + 220)));
        watch.look(watched);

        assertThat(watch.findings(clock.instant()))
                .filteredOn(finding -> finding.severity() == Severity.CRITICAL)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo(Rule.CRL_SIZE);
                    assertThat(finding.text()).contains("over the limit: ", " bytes of 524288 (consul)");
                });
    }

    private static List<BigInteger> serials(int count) {
        BigInteger first = BigInteger.ONE.shiftLeft(158);
        return IntStream.range(0, count)
                .mapToObj(i -> first.add(BigInteger.valueOf(i)))
                .toList();
    }

    @Test
    void trafficLeavesAnEndpointBeforeItsCertificateEndsAndIsDivertedOnceTheLastHas() throws Exception {
        TestCertificates authority = TestCertificates.create();
        Instant now = Clock.systemUTC().instant();
        TestIdentity sooner = authority.issue(authority
                .request()
                .withName("sooner")
                .withValidity(now.minus(Duration.ofDays(365)), now.plus(Duration.ofSeconds(10))));
        // certificates know whole seconds
        Instant last = now.plus(Duration.ofSeconds(12)).truncatedTo(ChronoUnit.SECONDS);
        DemoTree.write(new DemoPackages(), folder.resolve("web"), Clock.systemUTC());
        authority.writeCa(folder);
        try (FakeBackend one = index(sooner, "sooner");
                FakeBackend two = index(authority.server(), "later");
                WatchingEdge edge = WatchingEdge.start(
                        folder,
                        """
                        {endpoints: ["%s", "%s"], tls: {trust: ca.pem, server-name: localhost},
                          probe: {kind: tls, every: 200ms, down-after: 100}, balance: {policy: round-robin, slow-start: 0s, drain-margin: 1h},
                          breaker: {minimum-calls: 3, open-for: 1h}, retry: {attempts: 2, budget: 100%%}}""".formatted(one.url(), two.url()),
                        "mirrors: {copy: {tree: web}}\ncache: {memory: 0}",
                        ", mirror: copy")) {
            // drained by date: the one that ends sooner gets nothing new, the other everything
            edge.awaiting("/api/v1/backends", answer -> answer.toString().contains("\"standing\":\"expiring\""));
            for (int i = 0; i < 6; i++) {
                assertThat(page(edge).headers().firstValue("X-Index")).contains("later");
            }

            // the other ends too, two seconds after the first: nobody is drained any more, both work to their end
            TestIdentity ending = authority.issue(
                    authority.request().withName("ending").withValidity(now.minus(Duration.ofDays(365)), last));
            two.shakeHands(ending.serverContext(), parameters -> {});
            two.resetConnections();
            List<String> sources = new ArrayList<>();
            Instant giveUp = last.plus(Duration.ofSeconds(20));
            while (!sources.contains("mirror") && Clock.systemUTC().instant().isBefore(giveUp)) {
                HttpResponse<String> answer = page(edge);
                assertThat(answer.statusCode()).isEqualTo(200);
                sources.add(answer.headers().firstValue("Detour-Source").orElse("none"));
            }

            assertThat(sources).contains("backend").endsWith("mirror");
            assertThat(Clock.systemUTC().instant()).isAfter(last);
            assertThat(edge.command("status")).contains("tls_expired");
        }
    }

    private static FakeBackend index(TestIdentity identity, String name) {
        return FakeBackend.tls(identity.serverContext())
                .answer(Answer.status(
                        200,
                        "text/html",
                        "<!DOCTYPE html><html><body><h1>Links for demolib</h1></body></html>"
                                .getBytes(StandardCharsets.US_ASCII),
                        "X-Index: " + name,
                        // each request shakes hands anew, as connections do sooner or later
                        "Connection: close"));
    }

    private static HttpResponse<String> page(WatchingEdge edge) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + "/simple/demolib/"))
                                .header("Accept", "text/html")
                                .build(),
                        BodyHandlers.ofString());
    }
}
