package dev.detour.app.demo;

import dev.detour.admin.client.AdminClient;
import dev.detour.admin.client.AdminClientException;
import dev.detour.app.cli.CommandFailure;
import dev.detour.app.cli.DemoTarget;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.json.JsonMapper;

/** {@code detour demo}: a {@link RunningDemo} in this process, or a word to the one in another. */
public final class Demo implements DemoTarget {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PrintWriter out;

    /** A demo that prints to {@code out} what there is to try. */
    public Demo(PrintWriter out) {
        this.out = out;
    }

    @Override
    public List<String> faults() {
        return Arrays.stream(DemoFault.values())
                .filter(fault -> fault != DemoFault.NONE)
                .map(DemoFault::label)
                .toList();
    }

    @Override
    public void run(int port, int adminPort) throws IOException, InterruptedException {
        Path directory = directoryOf(adminPort);
        createPrivate(directory);
        RunningDemo demo = RunningDemo.start(directory, port, adminPort, new FileOutputStream(FileDescriptor.out));
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            demo.close();
            stopped.countDown();
        }));
        printWhatToTry(directory, port, adminPort);
        stopped.await();
    }

    /** The same for the demo and for whoever wants to change it: it holds the admin token. */
    private static Path directoryOf(int adminPort) {
        return Path.of(
                System.getProperty("java.io.tmpdir"),
                "detour-demo-" + System.getProperty("user.name") + "-" + adminPort);
    }

    private static void createPrivate(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        String owner = Files.getOwner(directory).getName();
        if (!owner.equals(System.getProperty("user.name"))) {
            throw new IOException(directory + " belongs to " + owner + " (expected: a directory of your own)");
        }
    }

    private void printWhatToTry(Path directory, int port, int adminPort) {
        String index = "http://127.0.0.1:" + port;
        String other = adminPort == 9901 ? "" : " --admin-port " + adminPort;
        String admin = "--token-file " + directory.resolve("admin.token")
                + (adminPort == 9901 ? "" : " --admin http://127.0.0.1:" + adminPort);
        out.print("""
                Detour is in front of a small package index, with a mirror of it beside. Every request prints a line here.

                Try, in a second terminal:
                  python3 -m venv /tmp/demo-venv
                  /tmp/demo-venv/bin/pip install --no-cache-dir --force-reinstall --index-url %1$s/simple/ demoapp
                  ./detour demo%2$s break tls-expired      # or: %3$s
                  (the same pip command again: the lines now say source=mirror, and pip does not notice)
                  curl -i -H 'Accept: text/html' %1$s/project/demoapp/
                  twine upload --repository-url %1$s/legacy/ -u me -p secret SOME.whl   # refused in words
                  ./detour demo%2$s heal
                  ./detour mode read-only --message 'Back at 16:00 UTC' %4$s
                  ./detour mode normal %4$s

                The configuration in force is %5$s. Stop with Ctrl-C.
                """.formatted(index, other, String.join(", ", faults()), admin, directory.resolve("demo.yaml")));
        out.flush();
    }

    @Override
    public String apply(int adminPort, String fault) throws CommandFailure {
        Path tokenFile = directoryOf(adminPort).resolve("admin.token");
        if (!Files.exists(tokenFile)) {
            throw CommandFailure.unknown("no demo has been started with --admin-port " + adminPort, null);
        }
        try {
            return AdminClient.open(URI.create("http://127.0.0.1:" + adminPort), tokenFile)
                    .put(RunningDemo.FAULT_PATH, JSON.createObjectNode().put("fault", fault))
                    .path("message")
                    .asString();
        } catch (AdminClientException e) {
            throw CommandFailure.unknown(String.valueOf(e.getMessage()), e);
        }
    }
}
