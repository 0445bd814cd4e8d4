package dev.detour.health.probe;

import dev.detour.config.BackendConfig.Probe;
import dev.detour.config.BackendConfig.ProbeKind;
import dev.detour.config.BackendConfig.StatusRange;
import dev.detour.health.failure.Failure;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A prober on a loop of its own, and what it tells. */
final class ProbeRig implements AutoCloseable {
    static final Duration PATIENT = Duration.ofSeconds(5);
    static final Duration SELDOM = Duration.ofMinutes(10);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    final EventLoop loop = loops.next();
    final Prober prober = new Prober(loop, NioSocketChannel.class, System::nanoTime, () -> 0.5);

    /** What a listener heard, one word or label an event: {@code ok}, {@code refused}, {@code UP}, {@code DOWN refused}. */
    static final class Heard implements ProbeListener {
        final BlockingQueue<String> probes = new LinkedBlockingQueue<>();
        final BlockingQueue<String> verdicts = new LinkedBlockingQueue<>();
        final BlockingQueue<String> all = new LinkedBlockingQueue<>();
        private volatile @Nullable Failure last;
        volatile long nanos;

        @Override
        public void onProbe(@Nullable Failure failure, long took) {
            last = failure;
            nanos = took;
            String word = failure == null ? "ok" : failure.label();
            all.add(word);
            probes.add(word);
        }

        @Override
        public void onVerdict(boolean up, @Nullable Failure failure) {
            String word = up && failure == null ? "UP" : "DOWN " + (failure == null ? "?" : failure.label());
            all.add(word);
            verdicts.add(word);
        }

        /** What the last probe found wrong. */
        Failure failure() {
            Failure found = last;
            if (found == null) {
                throw new AssertionError("no failure");
            }
            return found;
        }

        String probe() throws InterruptedException {
            return take(probes);
        }

        String verdict() throws InterruptedException {
            return take(verdicts);
        }

        private static String take(BlockingQueue<String> from) throws InterruptedException {
            String word = from.poll(15, TimeUnit.SECONDS);
            return word == null ? "nothing" : word;
        }
    }

    static Probe probe(ProbeKind kind, Duration every, Duration timeout) {
        return new Probe(kind, "/_health/", List.of(new StatusRange(200, 399)), null, every, timeout, 1, 1);
    }

    static Probe probe(ProbeKind kind) {
        return probe(kind, SELDOM, PATIENT);
    }

    static Probe wantsBody(String text) {
        return new Probe(
                ProbeKind.HTTP, "/", List.of(new StatusRange(200, 200)), text, SELDOM, Duration.ofSeconds(2), 1, 1);
    }

    static ProbeTarget clear(int port, Probe probe) {
        return new ProbeTarget(address(port), false, "index.example:" + port, "localhost", probe, null);
    }

    static ProbeTarget secure(int port, Probe probe, SslContexts contexts) {
        return new ProbeTarget(address(port), true, "index.example", "localhost", probe, contexts);
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** What the first probe of a target tells. */
    Heard first(ProbeTarget target) throws InterruptedException {
        Heard heard = new Heard();
        Watch watch = prober.watch(target, heard);
        heard.verdict();
        watch.cancel();
        return heard;
    }

    /** The label of the first outcome. */
    String outcome(ProbeTarget target) throws InterruptedException {
        return first(target).probe();
    }

    @Override
    public void close() {
        prober.close();
        // long enough for connections to say goodbye: a loop that is gone cannot release their buffers
        loops.shutdownGracefully(50, 5_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
