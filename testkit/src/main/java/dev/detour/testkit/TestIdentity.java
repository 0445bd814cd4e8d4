package dev.detour.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A private key with the certificates to show for it.
 *
 * @param name used for file names
 * @param key the private key of the first certificate
 * @param chain leaf first, as sent in a handshake
 * @param peers authorities whose client certificates a server with this identity accepts
 */
public record TestIdentity(String name, PrivateKey key, List<X509Certificate> chain, List<X509Certificate> peers) {
    private static final char[] NO_PASSWORD = {};

    /** The certificate that belongs to the key. */
    public X509Certificate leaf() {
        return chain.get(0);
    }

    /** A context that shows this identity and trusts {@link #peers}. */
    public SSLContext serverContext() {
        return context(this, peers);
    }

    /** Writes {@code NAME.crt} (the chain) and {@code NAME.key} (PKCS#8) in PEM; gives the path of the chain. */
    public Path write(Path directory) {
        Path certificate = directory.resolve(name + ".crt");
        writePem(certificate, chain);
        writeText(keyFile(directory), pem("PRIVATE KEY", key.getEncoded()));
        return certificate;
    }

    /** Where {@link #write} puts the private key. */
    public Path keyFile(Path directory) {
        return directory.resolve(name + ".key");
    }

    static void writePem(Path file, List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                text.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate made here can be encoded", e);
        }
        writeText(file, text.toString());
    }

    private static String pem(String type, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
    }

    private static void writeText(Path file, String text) {
        try {
            Files.writeString(file, text, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SSLContext context(@Nullable TestIdentity identity, List<X509Certificate> trusted) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity == null ? null : keyManagers(identity), trustManagers(trusted), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot make an SSLContext", e);
        }
    }

    private static KeyManager[] keyManagers(TestIdentity identity) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setKeyEntry("key", identity.key, NO_PASSWORD, identity.chain.toArray(X509Certificate[]::new));
        // SunX509 shows the certificate whatever is wrong with it; NewSunX509 may prefer none
        KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trustManagers(List<X509Certificate> trusted)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        for (int i = 0; i < trusted.size(); i++) {
            store.setCertificateEntry("ca" + i, trusted.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
