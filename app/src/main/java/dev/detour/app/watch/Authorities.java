package dev.detour.app.watch;

import dev.detour.health.certificate.CertificateFiles;
import dev.detour.health.certificate.FoundCertificate;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The authorities that chains should end at: those in a file, read anew each time, or those of the JDK. */
final class Authorities {
    private final @Nullable Path file;
    private List<X509Certificate> last = List.of();

    /** @param file PEM certificates, or null for those of the JDK */
    Authorities(@Nullable Path file) {
        this.file = file;
    }

    /** While the file cannot be read, those that were read last: that it cannot be is told by whoever watches it. */
    synchronized Collection<X509Certificate> certificates() {
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
            return anchors;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has a trust store", e);
        }
    }
}
