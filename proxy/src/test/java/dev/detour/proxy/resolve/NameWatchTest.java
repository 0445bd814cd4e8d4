package dev.detour.proxy.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.config.HostPort;
import dev.detour.proxy.Await;
import dev.detour.proxy.loop.Transport;
import dev.detour.testkit.FakeDns;
import dev.detour.testkit.ManualClock;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NameWatchTest {
    private static final String HOST = "warehouse.example.org";
    private static final long QUERY_MILLIS = 250;
    private static final String SILENCE = "failed: no answer from a name server within 250 ms";

    private final FakeDns dns = FakeDns.start();
    private final ManualClock clock = ManualClock.create();
    private final EventLoopGroup loops = Transport.best().loops(1, "names");
    private final EventLoop loop = loops.next();
    private final NameWatch watch = new NameWatch(
            loop, Transport.best(), List.of(new HostPort("127.0.0.1", dns.port())), QUERY_MILLIS, clock.nanoTime());
    private final Heard heard = new Heard();

    @AfterEach
    void close() {
        watch.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        dns.close();
    }

    /** What a listener was told, in words. */
    private static final class Heard implements NameListener {
        private final List<String> lines = new ArrayList<>();

        @Override
        public synchronized void onAddresses(List<InetAddress> addresses) {
            lines.add(addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" ")));
        }

        @Override
        public synchronized void onFailure(String reason) {
            lines.add("failed: " + reason);
        }

        synchronized List<String> lines() {
            return List.copyOf(lines);
        }
    }

    private <T> T onLoop(Callable<T> task) {
        return loop.submit(task).syncUninterruptibly().getNow();
    }

    private void settle() {
        Await.until(() -> onLoop(watch::idle), () -> "a look-up goes on");
    }

    private void watchHost(String host) {
        watch.watch(host, heard);
        settle();
    }

    /** As if that time had gone by, with one tick at its end. */
    private void after(Duration time) {
        clock.advance(time);
        onLoop(() -> {
            watch.tick();
            return true;
        });
        settle();
    }

    @Test
    void allAddressesOfBothFamiliesAreToldInOrder() {
        dns.addresses(HOST, 60, "10.0.0.12", "2001:db8::2", "10.0.0.2", "2001:db8::1", "192.168.0.1");

        watchHost(HOST);

        assertThat(heard.lines())
                .containsExactly("10.0.0.2 10.0.0.12 192.168.0.1 2001:db8:0:0:0:0:0:1 2001:db8:0:0:0:0:0:2");
    }

    @Test
    void aNameWithIpv6OnlyIsWatchedToo() {
        dns.addresses(HOST, 60, "2001:db8::1");

        watchHost(HOST);

        assertThat(heard.lines()).containsExactly("2001:db8:0:0:0:0:0:1");
    }

    @Test
    void nothingIsAskedBeforeTheTimeToLiveIsOverAndThenOnce() {
        dns.addresses(HOST, 30, "10.0.0.1").addresses(HOST, 30, "10.0.0.1", "2001:db8::1");
        watchHost(HOST);

        after(Duration.ofMillis(29_999));
        int early = dns.queries(FakeDns.A);
        after(Duration.ofMillis(1));
        int due = dns.queries(FakeDns.A);
        after(Duration.ofSeconds(29));

        assertThat(List.of(early, due, dns.queries(FakeDns.A))).containsExactly(1, 2, 2);
    }

    @Test
    void theTimeToLiveOfAnAliasCountsAsWell() {
        dns.alias(HOST, 5, "a.example.net").addresses("a.example.net", 300, "10.0.0.1");
        watchHost(HOST);

        dns.alias(HOST, 5, "b.example.net").addresses("b.example.net", 300, "10.0.0.2");
        after(Duration.ofSeconds(5));

        assertThat(heard.lines()).containsExactly("10.0.0.1", "10.0.0.2");
    }

    @Test
    void aTimeToLiveOfNothingIsASecondAndOneOfADayAnHour() {
        dns.addresses(HOST, 0, "10.0.0.1");
        watchHost(HOST);

        after(Duration.ofMillis(999));
        int early = dns.queries(FakeDns.A);
        dns.addresses(HOST, 86_400, "10.0.0.1");
        after(Duration.ofMillis(1));
        after(Duration.ofMinutes(59));
        int before = dns.queries(FakeDns.A);
        after(Duration.ofMinutes(1));

        assertThat(List.of(early, before, dns.queries(FakeDns.A))).containsExactly(1, 2, 3);
    }

    @Test
    void onlyAnotherSetOfAddressesIsToldAndNotAnotherOrder() {
        dns.addresses(HOST, 1, "10.0.0.1", "10.0.0.2");
        watchHost(HOST);

        dns.addresses(HOST, 1, "10.0.0.2", "10.0.0.1", "10.0.0.2");
        after(Duration.ofSeconds(1));
        dns.addresses(HOST, 1, "10.0.0.2", "10.0.0.3");
        after(Duration.ofSeconds(1));
        after(Duration.ofSeconds(1));

        assertThat(heard.lines()).containsExactly("10.0.0.1 10.0.0.2", "10.0.0.2 10.0.0.3");
        assertThat(dns.queries(FakeDns.A)).isEqualTo(4);
    }

    @Test
    void aSilentServerIsToldOnceAndTheAddressesStayUntilItAnswersAgain() {
        dns.addresses(HOST, 1, "10.0.0.1");
        watchHost(HOST);

        dns.silence();
        after(Duration.ofSeconds(1));
        after(Duration.ofSeconds(1));
        dns.recover();
        after(Duration.ofSeconds(2));
        dns.addresses(HOST, 1, "10.0.0.2");
        after(Duration.ofSeconds(1));

        assertThat(heard.lines()).containsExactly("10.0.0.1", SILENCE, "10.0.0.1", "10.0.0.2");
    }

    @Test
    void aBrokenServerIsToldAndAnotherReasonAsWell() {
        dns.addresses(HOST, 1, "10.0.0.1");
        watchHost(HOST);

        dns.fail(FakeDns.SERVFAIL);
        after(Duration.ofSeconds(1));
        after(Duration.ofSeconds(1));
        dns.recover().forget(HOST);
        after(Duration.ofSeconds(2));

        assertThat(heard.lines())
                .containsExactly(
                        "10.0.0.1", "failed: a name server answered ServFail(2)", "failed: no such name (NXDOMAIN)");
    }

    @Test
    void aFailureThatComesBackAfterARecoveryIsToldAgain() {
        dns.addresses(HOST, 1, "10.0.0.1");
        watchHost(HOST);

        for (int i = 0; i < 2; i++) {
            dns.fail(FakeDns.SERVFAIL);
            after(Duration.ofSeconds(1));
            dns.recover();
            after(Duration.ofSeconds(1));
        }

        assertThat(heard.lines())
                .containsExactly(
                        "10.0.0.1",
                        "failed: a name server answered ServFail(2)",
                        "10.0.0.1",
                        "failed: a name server answered ServFail(2)",
                        "10.0.0.1");
    }

    @Test
    void aNameThatDoesNotExistYetIsFoundOnceItDoes() {
        watchHost(HOST);

        dns.addresses(HOST, 60, "10.0.0.1");
        after(Duration.ofSeconds(1));

        assertThat(heard.lines()).containsExactly("failed: no such name (NXDOMAIN)", "10.0.0.1");
    }

    @Test
    void aNameWithoutAddressesSaysSo() {
        dns.addresses(HOST, 60);

        watchHost(HOST);

        assertThat(heard.lines()).containsExactly("failed: the name has no addresses");
    }

    @Test
    void afterFailuresTheNameIsAskedForLessAndLessOftenButEveryFiveSeconds() {
        watchHost(HOST);
        List<Integer> asked = new ArrayList<>();

        for (int second = 1; second <= 25; second++) {
            int before = dns.queries(FakeDns.A);
            after(Duration.ofSeconds(1));
            if (dns.queries(FakeDns.A) > before) {
                asked.add(second);
            }
        }

        assertThat(asked).containsExactly(1, 3, 6, 10, 15, 20, 25);
    }

    @Test
    void theAddressesOfAFamilyWhoseQueryGotLostStay() {
        dns.addresses(HOST, 60, "10.0.0.1", "2001:db8::1");
        watchHost(HOST);

        dns.addresses(HOST, 60, "10.0.0.2").silence(FakeDns.AAAA);
        after(Duration.ofSeconds(60));
        dns.recover();
        after(Duration.ofSeconds(1));

        assertThat(heard.lines())
                .containsExactly("10.0.0.1 2001:db8:0:0:0:0:0:1", "10.0.0.2 2001:db8:0:0:0:0:0:1", SILENCE, "10.0.0.2");
    }

    @Test
    void aServerThatNeverAnswersForIpv6DoesNotMakeANameFail() {
        dns.addresses(HOST, 60, "10.0.0.1").silence(FakeDns.AAAA);

        watchHost(HOST);

        assertThat(heard.lines()).containsExactly("10.0.0.1");
    }

    @ParameterizedTest
    @EnumSource
    void aTruncatedAnswerIsFetchedOverTcp(Transport transport) {
        dns.addresses(HOST, 60, "10.0.0.1", "10.0.0.2").truncate();
        EventLoopGroup own = transport.loops(1, "names");
        NameWatch other = new NameWatch(own.next(), transport, List.of(new HostPort("127.0.0.1", dns.port())));

        other.watch(HOST, heard);
        Await.until(() -> !heard.lines().isEmpty(), () -> "nothing heard");
        other.close();
        own.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();

        assertThat(heard.lines()).containsExactly("10.0.0.1 10.0.0.2");
        assertThat(dns.queriesOverTcp()).isPositive();
    }

    @Test
    void namesAreAskedForAgainWithoutBeingDriven() {
        dns.addresses(HOST, 1, "10.0.0.1");
        NameWatch live = new NameWatch(loop, Transport.best(), List.of(new HostPort("127.0.0.1", dns.port())));

        live.watch(HOST, heard);
        Await.until(() -> !heard.lines().isEmpty(), () -> "nothing heard");
        dns.addresses(HOST, 1, "10.0.0.2");
        Await.until(() -> heard.lines().size() > 1, () -> "only " + heard.lines());
        live.close();

        assertThat(heard.lines()).containsExactly("10.0.0.1", "10.0.0.2");
    }

    @Test
    void aNameInTheHostsFileNeedsNoServer() {
        dns.silence();

        watchHost("localhost");

        assertThat(heard.lines()).hasSize(1).first().asString().contains("127.0.0.1");
        assertThat(dns.queries(FakeDns.A)).isZero();
    }

    @Test
    void nothingIsToldAfterTheWatchIsClosedInTheMiddleOfALookUp() {
        dns.silence();
        watch.watch(HOST, heard);
        Await.until(() -> dns.queries(FakeDns.A) > 0, () -> "not asked");

        watch.close();
        onLoop(() -> true);

        assertThat(Await.throughout(
                        Duration.ofMillis(2 * QUERY_MILLIS), () -> heard.lines().isEmpty()))
                .isTrue();
    }

    @Test
    void aServerThatIsNoAddressIsRefused() {
        assertThatThrownBy(() -> new NameWatch(loop, Transport.best(), List.of(new HostPort("dns.example", 53))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name server: dns.example:53 (expected: an IP address with a port)");
    }
}
