package dev.detour.health.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.testkit.ManualClock;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientRatesTest {
    private final ManualClock clock = ManualClock.create();
    private final ClientRates rates = new ClientRates(10, 5, clock.nanoTime());

    @Test
    void quietClientMayBurst() throws UnknownHostException {
        assertThat(take(rates, "192.0.2.1", 20)).isEqualTo(5);
    }

    @Test
    void bucketFillsAtTheRate() throws UnknownHostException {
        take(rates, "192.0.2.1", 20);

        clock.advance(Duration.ofMillis(300));

        assertThat(take(rates, "192.0.2.1", 20)).isEqualTo(3);
    }

    @Test
    void bucketNeverHoldsMoreThanTheBurst() throws UnknownHostException {
        take(rates, "192.0.2.1", 20);

        clock.advance(Duration.ofHours(1));

        assertThat(take(rates, "192.0.2.1", 20)).isEqualTo(5);
    }

    @Test
    void refusalsCostNothing() throws UnknownHostException {
        take(rates, "192.0.2.1", 10_000);

        clock.advance(Duration.ofMillis(100));

        assertThat(take(rates, "192.0.2.1", 20)).isEqualTo(1);
    }

    @Test
    void eachClientHasItsOwnBucket() throws UnknownHostException {
        take(rates, "192.0.2.1", 20);

        assertThat(take(rates, "192.0.2.2", 20)).isEqualTo(5);
    }

    @Test
    void addressesOfOneIpv6NetworkAreOneClient() throws UnknownHostException {
        take(rates, "2001:db8:1:2::1", 20);

        assertThat(take(rates, "2001:db8:1:2:ffff::9", 20)).isZero();
        assertThat(take(rates, "2001:db8:1:3::1", 20)).isEqualTo(5);
    }

    @Test
    void clientsWhoseBucketIsFullAreForgotten() throws UnknownHostException {
        take(rates, "192.0.2.1", 20);
        take(rates, "192.0.2.2", 1);
        long before = rates.clients();

        clock.advance(Duration.ofMillis(2_501));

        assertThat(before).isEqualTo(2);
        assertThat(rates.clients()).isZero();
    }

    @Test
    void clientThatKeepsAskingIsNotForgotten() throws UnknownHostException {
        ClientRates slow = new ClientRates(10, 10, clock.nanoTime());
        int granted = take(slow, "192.0.2.1", 20);

        for (int i = 0; i < 40; i++) {
            clock.advance(Duration.ofMillis(50));
            granted += take(slow, "192.0.2.1", 20);
        }

        assertThat(granted).isEqualTo(10 + 20);
    }

    @Test
    void remembersABoundedNumberOfClients() throws UnknownHostException {
        for (int i = 0; i < 120_000; i++) {
            rates.tryTake(InetAddress.getByAddress(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i}));
        }

        assertThat(rates.clients()).isEqualTo(100_000);
    }

    @Test
    void rateOfZeroIsNoLimit() throws UnknownHostException {
        assertThat(take(new ClientRates(0, 0, clock.nanoTime()), "192.0.2.1", 1000))
                .isEqualTo(1000);
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertThatThrownBy(() -> new ClientRates(-1, 5, clock.nanoTime()))
                .hasMessage("perSecond: -1 (expected: at least 0)");
        assertThatThrownBy(() -> new ClientRates(1, 0, clock.nanoTime())).hasMessage("burst: 0 (expected: at least 1)");
    }

    private static int take(ClientRates rates, String client, int times) throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(client));
        int taken = 0;
        for (int i = 0; i < times; i++) {
            taken += rates.tryTake(address) ? 1 : 0;
        }
        return taken;
    }
}
