package dev.detour.app.cli;

import dev.detour.health.certificate.CertificateFacts;
import dev.detour.health.certificate.ChainCheck;
import dev.detour.health.certificate.ChainDefect;
import dev.detour.health.certificate.FileScan;
import dev.detour.health.certificate.FoundCertificate;
import dev.detour.health.certificate.Grade;
import dev.detour.health.certificate.Place;
import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.certificate.Thresholds;
import dev.detour.health.certificate.Verdict;
import dev.detour.health.certificate.WireResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code detour certs} has found, for programs; {@link CertsTable} shows it to people.
 *
 * @param exitCode that of the command
 * @param certificates the most urgent first
 * @param files how many were read
 */
record CertsReport(
        int exitCode,
        Instant at,
        List<Entry> certificates,
        List<Server> servers,
        List<SourceProblem> problems,
        int files,
        int privateKeys,
        int revocationLists) {
    /**
     * One certificate with its verdict.
     *
     * @param lifetimeClass the class of {@link dev.detour.health.certificate.LifetimeClass}
     * @param used share of its life, 0 to 1
     * @param secondsLeft negative once it is over
     */
    record Entry(
            String place,
            String entry,
            String verdict,
            String reason,
            String lifetimeClass,
            double used,
            long secondsLeft,
            Instant expectedRenewal,
            Instant warnsAt,
            Instant criticalAt,
            boolean keyIsHere,
            CertificateFacts certificate) {
        static Entry of(CertificateFacts facts, Place place, boolean keyIsHere, Thresholds set, Instant at) {
            Verdict verdict = Verdict.of(facts, set, at);
            return new Entry(
                    place.source(),
                    place.entry(),
                    verdict.grade().label(),
                    verdict.reason(),
                    verdict.kind().label(),
                    verdict.used(),
                    verdict.left().toSeconds(),
                    verdict.expectedRenewal(),
                    verdict.warnsAt(),
                    verdict.criticalAt(),
                    keyIsHere,
                    facts);
        }

        Grade grade() {
            return Grade.valueOf(verdict.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * One server that showed a chain.
     *
     * @param anchor subject of the authority that the chain ends at; null if it is not trusted
     * @param trouble why the handshake failed after the chain was shown; null if it did not
     * @param wantsClientCertificate whether it asked for one, which a probe does not have
     */
    record Server(
            String place,
            String protocol,
            String cipher,
            List<Defect> defects,
            @Nullable String anchor,
            @Nullable Instant anchorNotAfter,
            boolean anchorExpired,
            @Nullable String trouble,
            boolean wantsClientCertificate) {
        /** Whether somebody should look even if the chain has no defect. */
        boolean warns() {
            return anchorExpired || (trouble != null && !wantsClientCertificate);
        }

        static Server of(WireResult.Seen seen) {
            ChainCheck check = seen.check();
            CertificateFacts anchor = check.anchor();
            return new Server(
                    seen.target().toString(),
                    seen.protocol(),
                    seen.cipher(),
                    check.defects().stream().map(Defect::of).toList(),
                    anchor == null ? null : anchor.subject(),
                    anchor == null ? null : anchor.notAfter(),
                    check.anchorExpired(),
                    seen.trouble() == null ? null : seen.trouble().detail(),
                    seen.wantsClientCertificate());
        }
    }

    /**
     * One thing that is wrong with a server's chain.
     *
     * @param number of the certificate in the chain, from 1
     */
    record Defect(String kind, int number, String detail) {
        static Defect of(ChainDefect defect) {
            return new Defect(defect.kind().label(), defect.index() + 1, defect.detail());
        }
    }

    static CertsReport of(FileScan scan, List<WireResult> results, Thresholds set, Instant at) {
        List<Entry> entries = new ArrayList<>();
        List<Server> servers = new ArrayList<>();
        List<SourceProblem> problems = new ArrayList<>(scan.problems());
        for (FoundCertificate found : scan.certificates()) {
            entries.add(Entry.of(found.facts(), found.place(), found.keyIsHere(), set, at));
        }
        for (WireResult result : results) {
            if (result instanceof WireResult.Seen seen) {
                servers.add(Server.of(seen));
                for (int i = 0; i < seen.chain().size(); i++) {
                    Place place = new Place(seen.target().toString(), "#" + (i + 1));
                    entries.add(Entry.of(CertificateFacts.of(seen.chain().get(i)), place, false, set, at));
                }
            } else if (result instanceof WireResult.Failed failed) {
                problems.add(new SourceProblem(
                        SourceProblem.Kind.UNREACHABLE, failed.target().toString(), failed.detail(), "a TLS server"));
            }
        }
        entries.sort(Comparator.comparing(Entry::grade).reversed().thenComparing(Entry::secondsLeft));
        return new CertsReport(
                exitCode(entries, servers, problems),
                at,
                entries,
                servers,
                problems,
                scan.files(),
                scan.keys(),
                scan.revocationLists());
    }

    private static int exitCode(List<Entry> entries, List<Server> servers, List<SourceProblem> problems) {
        if (entries.isEmpty()) {
            return ExitCode.UNKNOWN;
        }
        boolean broken = servers.stream().anyMatch(server -> !server.defects().isEmpty());
        if (broken || entries.stream().anyMatch(entry -> entry.grade().fails())) {
            return ExitCode.CRITICAL;
        }
        boolean blind = !problems.isEmpty();
        boolean warns = entries.stream().anyMatch(entry -> entry.grade().warns())
                || servers.stream().anyMatch(Server::warns);
        return blind || warns ? ExitCode.WARNING : ExitCode.OK;
    }
}
