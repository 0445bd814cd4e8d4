package dev.detour.app.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Clients that trust the demo CA: the JDK's, and one that shows the bytes on the wire. */
final class Clients {
    private Clients() {}

    static HttpClient http() throws IOException, GeneralSecurityException {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .sslContext(trustingDemo())
                .build();
    }

    static SSLContext trustingDemo() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "demo",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(DemoTls.authority())));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** A TLS connection whose reads give up after 10 seconds. */
    static RawConnection raw(DemoIndex index) throws IOException, GeneralSecurityException {
        Socket socket = trustingDemo().getSocketFactory().createSocket("127.0.0.1", index.port());
        socket.setSoTimeout(10_000);
        return new RawConnection(socket);
    }

    /** A connection on which bytes are written and read as they are. */
    record RawConnection(Socket socket) implements AutoCloseable {

        void get(String path) throws IOException {
            send("GET " + path + " HTTP/1.1\r\nHost: index.demo\r\n\r\n");
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /** The next response head with its empty line. */
        String head() throws IOException {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("the connection ended after: " + head);
                }
                head.append((char) next);
            }
            return head.toString();
        }

        static int contentLength(String head) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, "content-length: ", 0, 16))
                    .mapToInt(line -> Integer.parseInt(line.substring(16)))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
