package dev.detour.app.serve;

import dev.detour.app.cli.ServeTarget;
import dev.detour.config.DetourConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** {@code detour serve}: a {@link Server} until the process is told to stop. */
public final class Serving implements ServeTarget {
    @Override
    public void serve(Path file, DetourConfig config) throws IOException, InterruptedException {
        // not System.out: it would copy, encode and lock every block of access lines
        Server server = Server.start(config, new FileOutputStream(FileDescriptor.out), List.of());
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            stopped.countDown();
        }));
        stopped.await();
    }
}
