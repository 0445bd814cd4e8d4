package dev.detour.app.cli;

import dev.detour.config.Units;
import dev.detour.health.certificate.TrustAnchors;
import dev.detour.health.crl.CrlHistory;
import dev.detour.health.crl.CrlLimit;
import dev.detour.health.crl.CrlReader;
import dev.detour.health.crl.CrlTerms;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a CRL is measured against. */
final class CrlOptions {
    @Option(
            names = "--limit",
            paramLabel = "STORE|SIZE",
            converter = Limit.class,
            description = "how large it may become: consul (512 KiB), raft (1 MiB), dynamodb (400 KiB), or a size such"
                    + " as 512KiB")
    private @Nullable CrlLimit limit;

    @Option(
            names = "--issuer",
            paramLabel = "FILE",
            description = "certificates in PEM or DER, one of which must have signed it; may be repeated")
    private List<Path> issuers = new ArrayList<>();

    @Option(
            names = "--lifetime",
            paramLabel = "TIME",
            converter = Lifetime.class,
            description = "how long the issuer's longest-lived certificates live, such as 30d: shows what could be"
                    + " pruned, and where the size will settle")
    private @Nullable Duration lifetime;

    @Option(
            names = "--live",
            paramLabel = "N",
            converter = Count.class,
            description = "how many certificates are live: shows the size if all were revoked at once")
    private @Nullable Long live;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description = "where sizes are written down, and growth is read from")
    private @Nullable Path history;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "the authorities that the chain of an https URL ends at (default: those of Java)")
    private @Nullable Path trust;

    /** Whether any of them was. */
    boolean given() {
        return limit != null
                || lifetime != null
                || live != null
                || history != null
                || trust != null
                || !issuers.isEmpty();
    }

    @Nullable TrustAnchors trust() throws CommandFailure {
        if (trust == null) {
            return null;
        }
        TrustAnchors anchors = TrustAnchors.in(trust);
        if (anchors.certificates().isEmpty()) {
            throw CommandFailure.invalid("--trust " + trust + " (expected: certificates in PEM or DER)", null);
        }
        return anchors;
    }

    CrlTerms terms() {
        return new CrlTerms(limit, lifetime, live, !issuers.isEmpty());
    }

    @Nullable CrlLimit limit() {
        return limit;
    }

    @Nullable CrlHistory history() {
        return history == null ? null : CrlHistory.in(history);
    }

    CrlReader reader() throws CommandFailure {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Path file : issuers) {
            certificates.addAll(certificates(file));
        }
        return CrlReader.checkedBy(certificates);
    }

    private static List<X509Certificate> certificates(Path file) throws CommandFailure {
        List<X509Certificate> certificates = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                certificates.add((X509Certificate) each);
            }
        } catch (IOException e) {
            throw CommandFailure.invalid("--issuer " + file + ": " + CrlFile.why(e), e);
        } catch (CertificateException e) {
            throw notCertificates(file, e);
        }
        if (certificates.isEmpty()) {
            throw notCertificates(file, null);
        }
        return certificates;
    }

    private static CommandFailure notCertificates(Path file, @Nullable Exception cause) {
        return CommandFailure.invalid("--issuer " + file + " (expected: certificates in PEM or DER)", cause);
    }

    private static final class Limit implements ITypeConverter<CrlLimit> {
        @Override
        public CrlLimit convert(String text) {
            try {
                return CrlLimit.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    private static final class Lifetime implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Units.duration(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    private static final class Count implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            if (!text.matches("\\d{1,15}")) {
                throw new TypeConversionException("\"" + text + "\" (expected: a number of certificates)");
            }
            return Long.valueOf(text);
        }
    }
}
