package dev.detour.proxy.backend;

import dev.detour.config.BackendConfig;
import dev.detour.health.revocation.RevocationListener;
import dev.detour.health.revocation.RevocationLists;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the backends' CRLs again when they change, on a thread of its own; without any there is no thread. */
public final class RevocationWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationWatch.class);

    private final @Nullable ScheduledExecutorService thread;

    /** Watches the CRLs of {@code backends} from now on. */
    public RevocationWatch(List<Backend> backends) {
        boolean any = backends.stream().anyMatch(backend -> backend.revocations() != null);
        ScheduledExecutorService started = any
                ? Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("detour-revocation", true))
                : null;
        this.thread = started;
        if (started != null) {
            backends.forEach(backend -> watch(backend, started));
        }
    }

    private static void watch(Backend backend, ScheduledExecutorService thread) {
        RevocationLists lists = backend.revocations();
        BackendConfig.Revocation rule = backend.config().tls().revocation();
        if (lists != null && rule != null) {
            long every = rule.every().toMillis();
            var unused = thread.scheduleWithFixedDelay(
                    () -> refresh(backend.name(), lists), every, every, TimeUnit.MILLISECONDS);
        }
    }

    /** What fails once must not end the timer. */
    private static void refresh(String backend, RevocationLists lists) {
        try {
            lists.refresh();
        } catch (RuntimeException e) {
            LOG.error("backend {}: reading its CRLs failed", backend, e);
        }
    }

    /** The CRLs of a backend, read once, or null if it has none. */
    static @Nullable RevocationLists listsFor(BackendConfig config, Clock clock) throws BackendException {
        BackendConfig.Revocation rule = config.tls().revocation();
        if (rule == null) {
            return null;
        }
        RevocationLists lists = new RevocationLists(
                rule.crls(), BackendTls.authorities(config, rule), clock, new Logging(config.name()));
        lists.refresh();
        return lists;
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    private record Logging(String backend) implements RevocationListener {
        @Override
        public void onLoaded(Path file, String issuer, int entries) {
            LOG.info("backend {}: CRL {} of {} read, {} revoked", backend, file, issuer, entries);
        }

        @Override
        public void onBroken(Path file, String reason) {
            LOG.warn("backend {}: CRL {} cannot be used, what it said before still counts: {}", backend, file, reason);
        }
    }
}
