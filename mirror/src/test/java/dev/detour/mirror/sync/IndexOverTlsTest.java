package dev.detour.mirror.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index at an address, whose certificate is for another name. */
class IndexOverTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path directory = Path.of("");

    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private HttpsServer server;
    private SSLContext tls;

    @BeforeEach
    void open() throws Exception {
        tls = context(certificateFor("index.internal"));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/", exchange -> {
            try (exchange) {
                asked.add(exchange.getRequestHeaders().getFirst("Host") + " "
                        + names(((HttpsExchange) exchange).getSSLSession()));
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
    }

    private static List<String> names(javax.net.ssl.SSLSession session) {
        List<SNIServerName> names = ((ExtendedSSLSession) session).getRequestedServerNames();
        return names.stream().map(name -> ((SNIHostName) name).getAsciiName()).toList();
    }

    private Path certificateFor(String name) throws Exception {
        Path store = directory.resolve("index.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "index",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).as(said).isZero();
        return store;
    }

    /** The server's own, and trusted. */
    private static SSLContext context(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("index", store.getCertificate("index"));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private IndexAnswer ask(String host, String name) throws Exception {
        URI base = URI.create("https://" + host + ":" + server.getAddress().getPort() + "/");
        Pace pace = new Pace(1, 0, System::nanoTime, nanos -> {});
        return new IndexClient(new IndexAddress(base, tls, name), pace, "test").project("demo", null);
    }

    @Test
    void theNameIsSentAndLookedForInTheCertificate() throws Exception {
        IndexAnswer answer = ask("127.0.0.1", "index.internal");

        assertThat(answer).isInstanceOf(IndexAnswer.Found.class);
        assertThat(asked).containsExactly("index.internal [index.internal]");
    }

    @Test
    void theNameIsSentInsteadOfTheHostName() throws Exception {
        IndexAnswer answer = ask("localhost", "index.internal");

        assertThat(answer).isInstanceOf(IndexAnswer.Found.class);
        assertThat(asked).containsExactly("index.internal [index.internal]");
    }

    @Test
    void aCertificateForAnotherNameIsAFailure() throws Exception {
        IndexAnswer answer = ask("127.0.0.1", "other.internal");

        assertThat(answer).isInstanceOf(IndexAnswer.Failed.class);
        assertThat(((IndexAnswer.Failed) answer).detail()).contains("SSLHandshakeException");
        assertThat(asked).isEmpty();
    }
}
