package dev.detour.app.cli;

import dev.detour.admin.client.AdminClientException;
import dev.detour.health.certificate.CertificateFiles;
import dev.detour.health.certificate.FileScan;
import dev.detour.health.certificate.FoundCertificate;
import dev.detour.health.certificate.Threshold;
import dev.detour.health.certificate.Thresholds;
import dev.detour.health.certificate.TrustAnchors;
import dev.detour.health.certificate.WireProbe;
import dev.detour.health.certificate.WireResult;
import dev.detour.health.certificate.WireTarget;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;

/** {@code detour certs}: how much of their life certificates have left, in files and on the wire. */
@Command(
        name = "certs",
        description =
                "Shows how much of their life certificates have left and what is wrong with them, in files and as"
                        + " servers show them, without a running instance; or, without a PLACE, those that a running instance watches.",
        mixinStandardHelpOptions = true,
        footer =
                "Exit codes: 0 all fine, 1 some should have been renewed, or some source could not be looked at, 2 some are"
                        + " critical, expired or not yet valid, or a server's chain is broken, 3 nothing could be looked at.")
final class CertsCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final Screen screen;
    private final Clock clock;

    @Parameters(
            arity = "0..*",
            paramLabel = "PLACE",
            description = "a file, a directory, a glob, HOST:PORT, smtp://HOST:PORT, postgres://HOST:PORT or"
                    + " ldap://HOST:PORT")
    private List<String> places = List.of();

    @Option(
            names = "--warn",
            paramLabel = "SHARE|TIME",
            converter = ThresholdConverter.class,
            description =
                    "warns when so much of its life is used (75%%) or so little left (30d, 12h); default: by the kind"
                            + " of certificate, 75%% for most")
    private @Nullable Threshold warn;

    @Option(
            names = "--critical",
            paramLabel = "SHARE|TIME",
            converter = ThresholdConverter.class,
            description = "likewise for critical (default: by the kind of certificate, 90%% for most)")
    private @Nullable Threshold critical;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "the authorities that servers' chains should end at (default: those of Java)")
    private @Nullable Path trust;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "the password of key stores, in the first line of a file (default: none)")
    private @Nullable Path passwordFile;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    CertsCommand(PrintWriter out, Screen screen, Clock clock) {
        this.out = out;
        this.screen = screen;
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandFailure, AdminClientException {
        if (places.isEmpty()) {
            return watched();
        }
        CertificateFiles files = new CertificateFiles(password());
        List<FileScan> scans = new ArrayList<>();
        List<WireTarget> targets = new ArrayList<>();
        for (String place : places) {
            WireTarget target = exists(place) ? null : WireTarget.parse(place);
            if (target == null) {
                scans.add(files.scan(place));
            } else {
                targets.add(target);
            }
        }
        List<WireResult> results = targets.isEmpty() ? List.of() : probed(targets, anchors(files));
        CertsReport report =
                CertsReport.of(FileScan.of(scans), results, new Thresholds(warn, critical), clock.instant());
        out.print(admin.json() ? Json.line(report) : CertsTable.print(report, screen.repaints()));
        out.flush();
        return report.exitCode();
    }

    private int watched() throws CommandFailure, AdminClientException {
        if (warn != null || critical != null || trust != null || passwordFile != null) {
            throw CommandFailure.usage(
                    "--warn, --critical, --trust and --password-file are for a PLACE; an instance goes by"
                            + " its configuration");
        }
        JsonNode answer = admin.open().get(WatchedCerts.PATH);
        WatchedCerts watched = new WatchedCerts(answer);
        out.print(admin.json() ? Json.line(answer) : watched.text(screen.repaints()));
        out.flush();
        return watched.exitCode();
    }

    private static boolean exists(String place) {
        return Files.exists(Path.of(place), LinkOption.NOFOLLOW_LINKS);
    }

    private List<WireResult> probed(List<WireTarget> targets, List<X509Certificate> anchors) {
        WireProbe probe = new WireProbe(anchors, TIMEOUT, clock);
        // most of the time is waiting, and one server that is gone should not hold up the report on the others
        return targets.parallelStream().map(probe::probe).toList();
    }

    private char @Nullable [] password() throws CommandFailure {
        if (passwordFile == null) {
            return null;
        }
        try {
            return CertificateFiles.password(passwordFile);
        } catch (IOException e) {
            throw CommandFailure.unknown("cannot read the password file " + passwordFile, e);
        }
    }

    private List<X509Certificate> anchors(CertificateFiles files) throws CommandFailure {
        if (trust == null) {
            return TrustAnchors.in(null).certificates();
        }
        FileScan scan = files.scan(trust.toString());
        if (scan.certificates().isEmpty()) {
            throw CommandFailure.unknown(
                    "no authority to trust: "
                            + (scan.problems().isEmpty()
                                    ? trust
                                    : scan.problems().get(0)),
                    null);
        }
        return scan.certificates().stream().map(FoundCertificate::certificate).toList();
    }

    /** What {@code --warn} and {@code --critical} take. */
    static final class ThresholdConverter implements ITypeConverter<Threshold> {
        @Override
        public Threshold convert(String text) {
            try {
                return Threshold.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
