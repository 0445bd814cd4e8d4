package dev.detour.proxy.matrix;

import dev.detour.proxy.FullBacklog;
import dev.detour.testkit.FakeBackend;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where a proxy looks for its backend: a real one on loopback, or an address where there is none. */
final class Site implements AutoCloseable {
    /**
     * A multicast address: the kernel refuses to connect TCP to any, whatever its routes are, before it sends a packet
     * (RFC 9293 3.9.2.3).
     */
    private static final String UNREACHABLE = "224.0.0.1:9";

    /** A name that never exists (RFC 6761 6.4). */
    private static final String NO_SUCH_NAME = "no-such-host.invalid:9";

    private final String scheme;
    private final @Nullable FakeBackend backend;
    private final @Nullable FullBacklog blackhole;
    private final String address;

    Site(Breakage.Place place, boolean tls) throws IOException {
        scheme = tls ? "https://" : "http://";
        boolean real = place == Breakage.Place.LOOPBACK;
        backend = !real ? null : tls ? FakeBackend.tls(Identities.GOOD) : FakeBackend.clear();
        blackhole = place == Breakage.Place.BLACKHOLE ? new FullBacklog() : null;
        address = switch (place) {
            case LOOPBACK -> "127.0.0.1:" + (backend == null ? 0 : backend.port());
            case UNREACHABLE -> UNREACHABLE;
            case BLACKHOLE -> "127.0.0.1:" + (blackhole == null ? 0 : blackhole.port());
            case NO_SUCH_NAME -> NO_SUCH_NAME;
        };
    }

    String url() {
        return scheme + address;
    }

    /** The backend there, or null if there is none. */
    @Nullable FakeBackend backend() {
        return backend;
    }

    /** How often a request with this id was begun here. */
    long received(String id) {
        return backend == null
                ? 0
                : backend.heads().stream()
                        .filter(head -> id.equals(head.header("x-request-id")))
                        .count();
    }

    @Override
    public void close() throws IOException {
        if (backend != null) {
            backend.close();
        }
        if (blackhole != null) {
            blackhole.close();
        }
    }
}
