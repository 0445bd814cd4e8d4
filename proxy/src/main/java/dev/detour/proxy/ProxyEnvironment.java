package dev.detour.proxy;

import dev.detour.health.breaker.BreakerListener;
import dev.detour.health.endpoint.EndpointListener;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.capture.CaptureSink;
import dev.detour.proxy.exchange.ExchangeObserver;
import java.time.Clock;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What the data path needs beside its configuration.
 *
 * @param mirrors by configured name
 * @param captures who copies what passes, by the name of the mirror it is for; none for mirrors that are not named
 * @param mirrorsFit whether some mirror may answer; asked on event loops, so it must be cheap
 * @param observer who counts and logs
 * @param breakers who hears of breakers that open and close
 * @param endpoints who hears of endpoints that get traffic no more, and again
 * @param clock the time of day
 * @param nanoClock as {@link System#nanoTime()}
 * @param loops number of event loops
 */
public record ProxyEnvironment(
        Map<String, Mirror> mirrors,
        Map<String, CaptureSink> captures,
        BooleanSupplier mirrorsFit,
        ExchangeObserver observer,
        BreakerListener breakers,
        EndpointListener endpoints,
        Clock clock,
        LongSupplier nanoClock,
        int loops) {}
