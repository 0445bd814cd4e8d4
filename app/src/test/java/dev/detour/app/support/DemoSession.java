package dev.detour.app.support;

import dev.detour.app.demo.DemoFault;
import dev.detour.app.demo.DemoIndex;
import dev.detour.app.demo.RunningDemo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** A {@link RunningDemo} on ports picked by the kernel, with its access log in memory. */
public final class DemoSession implements AutoCloseable {
    private final Path directory;
    private final AccessLines lines = new AccessLines();
    private final RunningDemo demo;

    private DemoSession(Path directory) throws IOException {
        this.directory = directory;
        this.demo = RunningDemo.start(directory, 0, 0, lines);
    }

    /**
     * Starts one, healthy and with its breaker closed.
     *
     * @param directory where its mirror tree, state and admin token are kept
     */
    public static DemoSession start(Path directory) throws IOException {
        return new DemoSession(directory);
    }

    /** The proxy's address without a slash at the end, e.g. {@code http://127.0.0.1:43210}. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The proxy's port on the loopback address. */
    public int port() {
        return demo.server().addresses().get(0).getPort();
    }

    /** The admin API's address without a slash at the end. */
    public URI adminUrl() {
        return URI.create("http://127.0.0.1:" + demo.server().adminAddress().getPort());
    }

    /** The bearer token of the admin API. */
    public Path tokenFile() {
        return directory.resolve("admin.token");
    }

    /** The mirror on disk. */
    public Path tree() {
        return directory.resolve("web");
    }

    /** The index behind the proxy. */
    public DemoIndex index() {
        return demo.index();
    }

    /** Breaks the index in this way, or heals it; in force when this returns. */
    public void set(DemoFault fault) {
        demo.index().setFault(fault);
    }

    /** The access log. */
    public AccessLines lines() {
        return lines;
    }

    /** Stops everything; the access log is complete then. */
    @Override
    public void close() {
        demo.close();
    }
}
