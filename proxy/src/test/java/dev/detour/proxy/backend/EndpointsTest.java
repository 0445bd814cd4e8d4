package dev.detour.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.config.ConfigLoader;
import dev.detour.config.InvalidConfigException;
import dev.detour.health.endpoint.Siblings;
import dev.detour.testkit.ManualClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The endpoints behind a name whose addresses change. */
class EndpointsTest {
    private final ManualClock clock = ManualClock.create();

    private static BackendConfig backend() throws InvalidConfigException {
        String text = """
                listeners: [{address: "127.0.0.1:0"}]
                backends:
                  warehouse: {endpoints: ["http://index.internal:80"]}
                routes:
                  - {name: all, match: {}, backend: warehouse}
                """;
        BackendConfig backend = ConfigLoader.load(text, Path.of("")).backends().get("warehouse");
        return Objects.requireNonNull(backend);
    }

    private Endpoints endpoints(BackendConfig config) {
        Siblings siblings = new Siblings(
                config.name(),
                config.outlier(),
                config.balance().slowStart(),
                config.balance().drainMargin(),
                clock,
                clock.nanoTime(),
                (backend, endpoint, from, to, because) -> {});
        return new Endpoints(config, null, siblings);
    }

    private static List<InetAddress> addresses(String... texts) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(InetAddress.getByName(text));
        }
        return addresses;
    }

    @Test
    void anExchangeThatTriedOneWhichIsGoneMayStillAskItsSuccessor() throws Exception {
        BackendConfig config = backend();
        Endpoints endpoints = endpoints(config);
        BackendConfig.Endpoint name = config.endpoints().get(0);
        endpoints.resolved(name, addresses("10.0.0.1"));
        int gone = endpoints.now().get(0).slot();

        endpoints.resolved(name, addresses("10.0.0.2"));

        assertThat(endpoints.now().get(0).slot()).isNotEqualTo(gone);
    }

    @Test
    void slotsAreNeverSharedAndNeverRunOut() throws Exception {
        BackendConfig config = backend();
        Endpoints endpoints = endpoints(config);
        BackendConfig.Endpoint name = config.endpoints().get(0);

        for (int i = 0; i < 200; i++) {
            endpoints.resolved(name, addresses("10.0.0.1", "10.0.1." + i, "10.0.2." + i));

            assertThat(endpoints.now().stream().map(Endpoint::slot))
                    .hasSize(3)
                    .doesNotHaveDuplicates()
                    .allMatch(slot -> slot >= 0 && slot < 64);
        }
    }
}
