package dev.detour.health.certificate;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The authorities that chains should end at: those in a file, read anew each time, or those of the JDK. Safe for use by several
 * threads.
 */
public final class TrustAnchors {
    private final @Nullable Path file;
    private List<X509Certificate> last = List.of();

    private TrustAnchors(@Nullable Path file) {
        this.file = file;
    }

    /** Those in {@code file}, or those of the JDK if it is null. */
    public static TrustAnchors in(@Nullable Path file) {
        return new TrustAnchors(file);
    }

    /**
     * The authorities. While the file cannot be read, those that were read last: that it cannot be is for whoever watches it to
     * tell.
     */
    public synchronized List<X509Certificate> certificates() {
        if (file == null) {
            last = last.isEmpty() ? javasOwn() : last;
            return last;
        }
        List<X509Certificate> read = new CertificateFiles(null)
                .scan(file.toString()).certificates().stream()
                        .map(FoundCertificate::certificate)
                        .toList();
        last = read.isEmpty() ? last : read;
        return last;
    }

    /** What a client needs to trust them and nobody else, as they are now. */
    public SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate each : certificates()) {
                store.setCertificateEntry("authority-" + store.size(), each);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java can make a trust store of certificates that it has read", e);
        }
    }

    private static List<X509Certificate> javasOwn() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            List<X509Certificate> anchors = new ArrayList<>();
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509TrustManager manager) {
                    anchors.addAll(Arrays.asList(manager.getAcceptedIssuers()));
                }
            }
            return List.copyOf(anchors);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has a trust store", e);
        }
    }
}
