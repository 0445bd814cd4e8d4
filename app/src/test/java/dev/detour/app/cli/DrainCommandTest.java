package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.admin.AdminResponse;
import dev.detour.admin.AdminRoute;
import dev.detour.admin.AdminServer;
import dev.detour.admin.status.StatusRoutes;
import dev.detour.config.AdminConfig;
import dev.detour.config.HostPort;
import dev.detour.config.mode.Drain;
import dev.detour.health.breaker.BreakerState;
import dev.detour.health.endpoint.BackendStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DrainCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private RunningAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = new RunningAdmin(folder);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void anEndpointIsDrainedWithItsReason() {
        Terminal terminal = Terminal.run(admin.at("drain", "warehouse", RunningAdmin.ONE, "--reason", "new disks"));

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out())
                .isEqualTo("10.0.0.11:8443 of backend warehouse: drained, up, 1 requests in progress\n");
        assertThat(terminal.err()).isEmpty();
        assertThat(admin.state.drains().drains())
                .containsExactly(new Drain("warehouse", RunningAdmin.ONE, RunningAdmin.NOW, "new disks"));
    }

    @Test
    void undoEndsTheDrain() throws Exception {
        admin.state.drain("warehouse", RunningAdmin.ONE, true, null, null);

        Terminal terminal = Terminal.run(admin.at("drain", "warehouse", RunningAdmin.ONE, "--undo"));

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).startsWith("10.0.0.11:8443 of backend warehouse: not drained, up");
        assertThat(admin.state.drains().drains()).isEmpty();
    }

    @Test
    void drainingTheLastEndpointIsDoneAndWarnedAbout() throws Exception {
        admin.state.drain("warehouse", RunningAdmin.ONE, true, null, null);

        Terminal terminal = Terminal.run(admin.at("drain", "warehouse", RunningAdmin.TWO));

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err())
                .isEqualTo("detour: warning: no endpoint of backend warehouse is up and undrained now\n");
        assertThat(admin.state.drains().contains("warehouse", RunningAdmin.TWO)).isTrue();
    }

    @Test
    void anIpv6EndpointIsTypedAsItIsShown() {
        admin.backends = List.of(new BackendStatus(
                "warehouse",
                BreakerState.CLOSED,
                RunningAdmin.NOW,
                null,
                null,
                64,
                0,
                0,
                List.of(RunningAdmin.up("[2001:db8::1]:443"), RunningAdmin.up(RunningAdmin.TWO)),
                Map.of()));

        Terminal terminal = Terminal.run(admin.at("drain", "warehouse", "[2001:db8::1]:443"));

        assertThat(terminal.exitCode()).isZero();
        assertThat(admin.state.drains().contains("warehouse", "[2001:db8::1]:443"))
                .isTrue();
    }

    @Test
    void programsReadTheAnswer() {
        Terminal terminal = Terminal.run(admin.at("drain", "warehouse", RunningAdmin.ONE, "--json"));

        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(terminal.out())
                        .path("drainsVersion")
                        .asLong())
                .isEqualTo(1);
    }

    @Test
    void anUnknownEndpointIsRefusedWithThoseThatExist() {
        Terminal terminal = Terminal.run(admin.at("drain", "warehouse", "10.0.0.13:8443"));

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err())
                .isEqualTo("detour: endpoint: 10.0.0.13:8443 (expected: one of 10.0.0.11:8443, 10.0.0.12:8443)\n");
    }

    @Test
    void anotherOperatorInBetweenIsNotOverwritten() throws Exception {
        Path token = folder.resolve("admin.token");
        List<AdminRoute> routes = new ArrayList<>();
        for (AdminRoute route : StatusRoutes.of(
                () -> admin.backends,
                Map::of,
                admin.cache::statistics,
                List::of,
                admin.state,
                "1.2.3",
                Clock.systemUTC())) {
            routes.add(route.path().equals("/api/v1/backends") ? thenAnotherOperatorDrains(route) : route);
        }
        try (AdminServer busy = AdminServer.start(new AdminConfig(new HostPort("127.0.0.1", 0), token), routes)) {
            String url = "http://127.0.0.1:" + busy.address().getPort();

            Terminal terminal = Terminal.run(
                    "drain", "warehouse", RunningAdmin.TWO, "--admin", url, "--token-file", token.toString());

            assertThat(terminal.exitCode()).isEqualTo(2);
            assertThat(terminal.err()).contains("nothing was changed", "version 0 was expected, version 1 is in force");
            assertThat(admin.state.drains().contains("warehouse", RunningAdmin.TWO))
                    .isFalse();
        }
    }

    @Test
    void anInstanceThatIsNotThereLeavesTheDrainUnknown() {
        String[] typed = admin.at("drain", "warehouse", RunningAdmin.ONE);
        admin.close();

        Terminal terminal = Terminal.run(typed);

        assertThat(terminal.exitCode()).isEqualTo(3);
        assertThat(terminal.err()).contains(admin.url()).hasLineCount(1);
    }

    /** Answers, and then lets somebody drain the other endpoint before the command goes on. */
    private AdminRoute thenAnotherOperatorDrains(AdminRoute route) {
        return AdminRoute.get(route.path(), request -> {
            AdminResponse answer = route.handler().handle(request);
            admin.state.drain("warehouse", RunningAdmin.ONE, true, "by another", null);
            return answer;
        });
    }
}
