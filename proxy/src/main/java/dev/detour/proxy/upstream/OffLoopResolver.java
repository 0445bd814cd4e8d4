package dev.detour.proxy.upstream;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Name resolution through the JDK, but on another thread and with a limit: Netty's default blocks the event loop, and a
 * look-up at a dead name server takes half a minute, in which no connect timeout runs yet.
 */
final class OffLoopResolver extends AddressResolverGroup<InetSocketAddress> {
    private final Executor executor;
    private final long limitMillis;

    OffLoopResolver(Executor executor, long limitMillis) {
        this.executor = executor;
        this.limitMillis = limitMillis;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor loop) {
        return new InetNameResolver(loop) {
            @Override
            protected void doResolve(String host, Promise<InetAddress> promise) {
                lookUp(loop, host, promise, () -> InetAddress.getByName(host));
            }

            @Override
            protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
                lookUp(loop, host, promise, () -> List.of(InetAddress.getAllByName(host)));
            }
        }.asAddressResolver();
    }

    private interface LookUp<T> {
        T run() throws UnknownHostException;
    }

    private <T> void lookUp(EventExecutor loop, String host, Promise<T> promise, LookUp<T> lookUp) {
        var limit = loop.schedule(
                () -> promise.tryFailure(new UnknownHostException(host + ": not resolved in time")),
                limitMillis,
                TimeUnit.MILLISECONDS);
        promise.addListener(done -> limit.cancel(false));
        executor.execute(() -> {
            try {
                promise.trySuccess(lookUp.run());
            } catch (UnknownHostException | RuntimeException e) {
                promise.tryFailure(e);
            }
        });
    }
}
