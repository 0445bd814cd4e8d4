package dev.detour.health.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.ManualClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ClientRatesProperties {
    /** Over every stretch of time between two grants, and so over any. */
    @Property(tries = 500)
    void neverGrantsMoreThanTheBurstAndTheRate(
            @ForAll @Size(min = 1, max = 150) List<@IntRange(min = 0, max = 400) Integer> pausesMillis,
            @ForAll @IntRange(min = 1, max = 30) int perSecond,
            @ForAll @IntRange(min = 1, max = 10) int burst)
            throws UnknownHostException {
        ManualClock clock = ManualClock.create();
        ClientRates rates = new ClientRates(perSecond, burst, clock.nanoTime());
        InetAddress client = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
        List<Long> granted = new ArrayList<>();

        for (int pause : pausesMillis) {
            clock.advance(Duration.ofMillis(pause / 4));
            if (rates.tryTake(client)) {
                granted.add(clock.nanoTime().getAsLong());
            }
        }

        for (int from = 0; from < granted.size(); from++) {
            for (int to = from; to < granted.size(); to++) {
                double seconds = (double) (granted.get(to) - granted.get(from)) / TimeUnit.SECONDS.toNanos(1);
                assertThat(to - from + 1.0).isLessThanOrEqualTo(burst + perSecond * seconds + 1e-6);
            }
        }
    }

    /** The other side: who keeps to the rate is never refused. */
    @Property(tries = 200)
    void neverRefusesAClientThatKeepsToTheRate(
            @ForAll @Size(min = 1, max = 100) List<@IntRange(min = 0, max = 400) Integer> extraMillis,
            @ForAll @IntRange(min = 1, max = 30) int perSecond)
            throws UnknownHostException {
        ManualClock clock = ManualClock.create();
        ClientRates rates = new ClientRates(perSecond, 1, clock.nanoTime());
        InetAddress client = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});

        for (int extra : extraMillis) {
            clock.advance(Duration.ofNanos(TimeUnit.SECONDS.toNanos(1) / perSecond + 1));
            clock.advance(Duration.ofMillis(extra));

            assertThat(rates.tryTake(client)).isTrue();
        }
    }
}
