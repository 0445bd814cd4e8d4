package dev.detour.app.watch;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a running instance tells of what it has found. */
class AlarmServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void anExpiredCertificateIsToldToAWebhookAndAnAlertmanager() throws Exception {
        TestCertificates.create().expired().write(folder);
        WireMockServer receiver = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
        receiver.start();
        receiver.stubFor(post(anyUrl()).willReturn(ok()));
        try (FakeBackend index = FakeBackend.clear();
                WatchingEdge edge = WatchingEdge.start(folder, "{endpoints: [\"" + index.url() + "\"]}", """
                        certificates: {sources: {old: {files: expired.crt}}}
                        alarms: {instance: edge-1, receivers: {ops: {webhook: "%s/hook"}, am: {alertmanager: "%s"}}}
                        """.formatted(
                                receiver.baseUrl(), receiver.baseUrl()))) {
            assertThat(bodies(receiver, "/hook"))
                    .anySatisfy(body -> assertThat(body)
                            .contains("\"firing\"", "certificate_expired", "\"edge-1\"", "CN=expired,O=Detour test"));
            assertThat(bodies(receiver, "/api/v2/alerts"))
                    .anySatisfy(body -> assertThat(body)
                            .contains("DetourCertificateExpired", "\"severity\":\"critical\"", "\"source\":\"old\""));
            assertThat(edge.metrics())
                    .containsPattern("detour_notifications_total\\{outcome=\"[a-z_]+\",receiver=\"ops\"} [1-9]");
        } finally {
            receiver.stop();
        }
    }

    private static List<String> bodies(WireMockServer receiver, String path) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> bodies = List.of();
        while (bodies.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(50_000_000);
            bodies = receiver.getAllServeEvents().stream()
                    .filter(event -> event.getRequest().getUrl().equals(path))
                    .map(event -> event.getRequest().getBodyAsString())
                    .toList();
        }
        return bodies;
    }
}
