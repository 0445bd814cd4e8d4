package dev.detour.admin.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.testkit.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NotifierTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration SETTLE = Duration.ofMinutes(2);
    private static final Finding DUE =
            new Finding(Rule.CERTIFICATE_DUE, Severity.WARNING, "files", "/etc/a.pem #1", "renew it");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final ManualClock clock = ManualClock.create();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final WireMockServer server =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());
    private final Queue<String> outcomes = new ConcurrentLinkedQueue<>();
    private final List<Notifier> started = new ArrayList<>();

    @BeforeEach
    void listen() {
        server.start();
        answer(aResponse().withStatus(200));
    }

    @AfterEach
    void stop() {
        started.forEach(Notifier::close);
        thread.shutdownNow();
        server.stop();
    }

    private void answer(ResponseDefinitionBuilder answer) {
        server.stubFor(any(anyUrl()).willReturn(answer));
    }

    private NotifierSettings receiver(String name, ReceiverKind kind, String url, @Nullable Path token) {
        return new NotifierSettings(
                name,
                kind,
                URI.create(url),
                token,
                null,
                Severity.WARNING,
                Duration.ofHours(24),
                "https://edge.example");
    }

    private NotifierSettings webhook() {
        return receiver("chat", ReceiverKind.WEBHOOK, server.baseUrl() + "/hook/s3cret", null);
    }

    private Notifier start(NotifierSettings... receivers) throws IOException {
        Notifier.Limits limits = new Notifier.Limits(SETTLE, Duration.ofSeconds(2), Duration.ofMillis(10));
        Notifier notifier = Notifier.start(
                List.of(receivers),
                state(),
                limits,
                thread,
                clock,
                (receiver, outcome) -> outcomes.add(receiver + " " + outcome.label()));
        started.add(notifier);
        return notifier;
    }

    private Path state() {
        return folder.resolve("alarms.json");
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(2_000_000);
        }
    }

    private void awaitOutcomes(int count) {
        await(() -> outcomes.size() >= count);
    }

    private List<LoggedRequest> requests() {
        List<LoggedRequest> requests = new ArrayList<>(server.getAllServeEvents().stream()
                .map(event -> event.getRequest())
                .toList());
        // the latest comes first there
        Collections.reverse(requests);
        return requests;
    }

    private JsonNode body(int index) {
        return JSON.readTree(requests().get(index).getBodyAsString());
    }

    @Test
    void aWebhookIsToldWhatBeginsAndWhatEnds() throws Exception {
        Notifier notifier = start(webhook());
        notifier.update(List.of(DUE));
        awaitOutcomes(1);
        notifier.update(List.of());
        await(() -> saved().contains("\"gone\":\"2026"));
        clock.advance(SETTLE);
        awaitOutcomes(2);

        JsonNode alarm = body(0).path("alarms").path(0);
        assertThat(body(0).path("status").stringValue()).isEqualTo("firing");
        assertThat(body(0).path("version").intValue()).isEqualTo(1);
        assertThat(body(0).path("instance").stringValue()).isEqualTo("https://edge.example");
        assertThat(alarm.path("key").stringValue()).isEqualTo(DUE.key());
        assertThat(alarm.path("rule").stringValue()).isEqualTo("certificate_due");
        assertThat(alarm.path("severity").stringValue()).isEqualTo("warning");
        assertThat(alarm.path("since").stringValue()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(alarm.has("until")).isFalse();
        assertThat(body(1).path("status").stringValue()).isEqualTo("resolved");
        assertThat(body(1).path("alarms").path(0).path("until").stringValue()).isEqualTo("2026-01-01T00:00:00Z");
    }

    private String saved() {
        try {
            return Files.exists(state()) ? Files.readString(state()) : "";
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void anAlertmanagerIsToldAgainEachMinuteWhatLasts() throws Exception {
        Notifier notifier = start(receiver("am", ReceiverKind.ALERTMANAGER, server.baseUrl() + "/am/", null));
        notifier.update(List.of(DUE));
        awaitOutcomes(1);
        clock.advance(Duration.ofMinutes(1));
        awaitOutcomes(2);

        assertThat(requests().get(0).getUrl()).isEqualTo("/am/api/v2/alerts");
        JsonNode alert = body(1).path(0);
        assertThat(alert.path("labels").path("alertname").stringValue()).isEqualTo("DetourCertificateDue");
        assertThat(alert.path("labels").path("place").stringValue()).isEqualTo("/etc/a.pem #1");
        assertThat(alert.path("annotations").path("summary").stringValue()).isEqualTo("renew it");
        assertThat(alert.path("startsAt").stringValue()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(alert.path("endsAt").stringValue()).isEqualTo("2026-01-01T00:06:00Z");
        assertThat(alert.path("generatorURL").stringValue()).isEqualTo("https://edge.example");
    }

    @Test
    void anAlertOfAnotherSeverityEndsTheOneBefore() throws Exception {
        Notifier notifier = start(receiver("am", ReceiverKind.ALERTMANAGER, server.baseUrl(), null));
        notifier.update(List.of(DUE));
        awaitOutcomes(1);
        notifier.update(List.of(new Finding(DUE.rule(), Severity.CRITICAL, DUE.source(), DUE.place(), DUE.text())));
        awaitOutcomes(2);

        assertThat(body(1).size()).isEqualTo(2);
        assertThat(body(1).path(1).path("labels").path("severity").stringValue())
                .isEqualTo("warning");
        assertThat(body(1).path(1).path("endsAt").stringValue()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void aFailureIsTriedAgainAndShown() throws Exception {
        answer(aResponse().withStatus(500).withBody("broken\nhere"));
        Notifier notifier = start(webhook());
        notifier.update(List.of(DUE));
        awaitOutcomes(1);
        ReceiverStatus failing = notifier.status().get(0);
        assertThat(failing.lastError()).isEqualTo("status 500: broken?here");
        assertThat(failing.failingSince()).isEqualTo(clock.instant());
        assertThat(failing.pending()).isEqualTo(1);

        answer(aResponse().withStatus(200));
        clock.advance(Duration.ofMillis(1_200));
        awaitOutcomes(2);

        assertThat(outcomes).containsExactly("chat failed", "chat delivered");
        await(() -> notifier.status().get(0).pending() == 0);
        assertThat(notifier.status().get(0).failingSince()).isNull();
    }

    @Test
    void retryAfterIsHonoured() throws Exception {
        answer(aResponse().withStatus(429).withHeader("Retry-After", "100"));
        Notifier notifier = start(webhook());
        notifier.update(List.of(DUE));
        awaitOutcomes(1);
        clock.advance(Duration.ofSeconds(99));
        roundsPass(notifier);
        assertThat(outcomes).hasSize(1);
        clock.advance(Duration.ofSeconds(22));

        awaitOutcomes(2);
    }

    /** Rounds of the notifier after this moment are over. */
    private void roundsPass(Notifier notifier) throws Exception {
        notifier.update(List.of(DUE));
        thread.submit(() -> {}).get();
    }

    @Test
    void aRedirectIsRefusedAndNotFollowed() throws Exception {
        answer(aResponse().withStatus(302).withHeader("Location", server.baseUrl() + "/other"));
        Notifier notifier = start(webhook());
        notifier.update(List.of(DUE));
        awaitOutcomes(1);
        clock.advance(Duration.ofMinutes(4));
        roundsPass(notifier);

        assertThat(outcomes).containsExactly("chat refused");
        assertThat(requests()).hasSize(1);
    }

    @Test
    void theTokenIsReadForEachMessageAndNeverShown() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "first-token\n");
        answer(aResponse().withStatus(401).withBody("no such token: first-token"));
        Notifier notifier = start(receiver("chat", ReceiverKind.WEBHOOK, server.baseUrl(), token));
        notifier.update(List.of(DUE));
        awaitOutcomes(1);
        assertThat(notifier.status().get(0).lastError()).isEqualTo("status 401: no such token: ***");

        Files.writeString(token, "second-token\n");
        answer(aResponse().withStatus(200));
        clock.advance(Duration.ofMinutes(6));
        awaitOutcomes(2);

        assertThat(requests())
                .extracting(request -> request.getHeader("Authorization"))
                .containsExactly("Bearer first-token", "Bearer second-token");
    }

    @Test
    void aReceiverThatHangsDelaysNoOther() throws Exception {
        WireMockServer hanging =
                new WireMockServer(WireMockConfiguration.options().dynamicPort());
        hanging.start();
        try {
            hanging.stubFor(any(anyUrl()).willReturn(aResponse().withFixedDelay(10_000)));
            Notifier notifier = start(receiver("slow", ReceiverKind.WEBHOOK, hanging.baseUrl(), null), webhook());
            notifier.update(List.of(DUE));
            awaitOutcomes(2);

            assertThat(outcomes).containsExactly("chat delivered", "slow failed");
            assertThat(notifier.status().get(0).lastError()).isEqualTo("no answer within 2 s");
        } finally {
            hanging.stop();
        }
    }

    @Test
    void aRestartNeitherTellsAgainNorForgetsToResolve() throws Exception {
        Notifier first = start(webhook());
        first.update(List.of(DUE));
        awaitOutcomes(1);
        first.close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state())))
                .isEqualTo("rw-------");

        Notifier second = start(webhook());
        roundsPass(second);
        assertThat(outcomes).hasSize(1);
        second.update(List.of());
        await(() -> saved().contains("\"gone\":\"2026"));
        clock.advance(SETTLE);
        awaitOutcomes(2);

        assertThat(body(1).path("status").stringValue()).isEqualTo("resolved");
    }

    @Test
    void aDamagedStateIsPutAside() throws Exception {
        Files.writeString(state(), "{\"version\":1,\"alarms\":[{\"alarm\":null,\"told\":{}}]}");

        start(webhook()).update(List.of(DUE));

        awaitOutcomes(1);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .contains("alarms.json.corrupt-2026-01-01T000000Z");
        }
    }

    @Test
    void manyAlarmsGoInSeveralRequests() throws Exception {
        start(webhook())
                .update(IntStream.range(0, 501)
                        .mapToObj(i -> new Finding(Rule.CRL_STALE, Severity.WARNING, "s" + i, "", "stale"))
                        .toList());
        awaitOutcomes(2);

        assertThat(body(0).path("alarms").size() + body(1).path("alarms").size())
                .isEqualTo(501);
    }

    @Test
    void wrongSettingsAreNamedWithoutTheAddress() {
        assertThatThrownBy(() -> receiver("chat", ReceiverKind.WEBHOOK, "ftp://x.example/s3cret", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("url of receiver chat")
                .hasMessageNotContaining("s3cret");
        assertThat(webhook().toString()).doesNotContain("s3cret");
    }
}
