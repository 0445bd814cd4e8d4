package dev.detour.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A TLS server that others wrote, on loopback: {@code openssl s_server} or nginx. Both answer a GET with 200.
 *
 * <p>If the program is absent: with {@code CI=true} in the environment the test fails, else it is aborted, and a line on
 * standard error says what was not tested.
 */
public final class TlsProgram implements AutoCloseable {
    private static final Pattern ACCEPTS = Pattern.compile("ACCEPT \\S+:(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

    private final Process process;
    private final int port;

    private TlsProgram(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts {@code openssl s_server}, which picks its own port.
     *
     * @param directory where the identity's files are put
     * @param settings further options, such as {@code -tls1_2}
     */
    public static TlsProgram openssl(Path directory, TestIdentity identity, String... settings) {
        List<String> command = new ArrayList<>(List.of(found("openssl").toString()));
        command.addAll(List.of("s_server", "-accept", "127.0.0.1:0", "-www"));
        command.addAll(List.of("-cert", identity.write(directory).toString()));
        command.addAll(List.of("-key", identity.keyFile(directory).toString()));
        if (identity.chain().size() > 1) {
            List<X509Certificate> above =
                    identity.chain().subList(1, identity.chain().size());
            Path file = directory.resolve(identity.name() + "-above.pem");
            TestIdentity.writePem(file, above);
            command.addAll(List.of("-cert_chain", file.toString()));
        }
        command.addAll(List.of(settings));
        Process process = start(command, directory);
        return new TlsProgram(process, announced(process));
    }

    /**
     * Starts nginx.
     *
     * @param directory where its files and the identity's are put
     * @param settings further directives of the server, such as {@code "ssl_protocols TLSv1.2;"}
     */
    public static TlsProgram nginx(Path directory, TestIdentity identity, String... settings) {
        String program = found("nginx").toString();
        int port = freePort();
        StringBuilder temporary = new StringBuilder();
        for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            temporary.append(kind).append("_temp_path temp-").append(kind).append("; ");
        }
        Path file = directory.resolve("nginx.conf");
        try {
            Files.writeString(file, """
                    daemon off;
                    master_process off;
                    pid nginx.pid;
                    events {}
                    http {
                      access_log off;
                      %s
                      server {
                        listen 127.0.0.1:%d ssl;
                        ssl_certificate %s;
                        ssl_certificate_key %s;
                        %s
                        location / { return 200 "ok"; }
                      }
                    }
                    """.formatted(
                            temporary,
                            port,
                            identity.write(directory),
                            identity.keyFile(directory),
                            String.join(" ", settings)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Process process = start(
                List.of(program, "-p", directory.toString(), "-c", file.toString(), "-e", "error.log"), directory);
        awaitListening(process, port);
        return new TlsProgram(process, port);
    }

    /** The port on loopback. */
    public int port() {
        return port;
    }

    private static Process start(List<String> command, Path directory) {
        try {
            return new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(directory.resolve("program.err").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The pipe is small and the server's words are few: they need not be read after this. */
    private static int announced(Process process) {
        try {
            BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
            StringBuilder all = new StringBuilder();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                Matcher matcher = ACCEPTS.matcher(line);
                if (matcher.find()) {
                    return Integer.parseInt(matcher.group(1));
                }
                all.append(line).append('\n');
            }
            throw new AssertionError("openssl s_server did not start: " + all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitListening(Process process, int port) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return;
                }
            } catch (ConnectException e) {
                LockSupport.parkNanos(POLL_NANOS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        process.destroyForcibly();
        throw new AssertionError("nginx does not listen on port " + port);
    }

    private static Path found(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of("/usr/bin", "/usr/sbin"), Stream.of(path.split(":")))
                .map(directory -> Path.of(directory).resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> absent(name));
    }

    private static Path absent(String name) {
        String line = "NOT RUN: TLS with a server of " + name + ", which is not installed";
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(line + " (and CI must not skip it)");
        }
        System.err.println("!!! " + line);
        return Assumptions.abort(line);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("a killed server goes on: " + process.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
