package dev.detour.health.source;

import dev.detour.health.certificate.FoundCertificate;
import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.finding.Finding;
import java.util.List;

/**
 * What one look at a source has found.
 *
 * @param certificates each with the place it was found at; no two at the same
 * @param problems what could not be seen; what was seen there before is kept meanwhile. A problem whose source is the name of
 *     the certificate source itself, or a folder, is about everything in it
 * @param findings what is wrong beyond the certificates' dates
 */
public record Look(List<FoundCertificate> certificates, List<SourceProblem> problems, List<Finding> findings) {
    public Look {
        certificates = List.copyOf(certificates);
        problems = List.copyOf(problems);
        findings = List.copyOf(findings);
    }

    /** A look that met no trouble. */
    public static Look of(List<FoundCertificate> certificates) {
        return new Look(certificates, List.of(), List.of());
    }

    /** A look that saw nothing. */
    public static Look blind(SourceProblem problem) {
        return new Look(List.of(), List.of(problem), List.of());
    }
}
