package dev.detour.health.certificate;

import java.util.ArrayList;
import java.util.List;

/**
 * What was found in files.
 *
 * @param files how many were read
 * @param keys private keys among the certificates, not looked at any further
 * @param revocationLists CRLs among the certificates, not looked at any further
 */
public record FileScan(
        List<FoundCertificate> certificates, List<SourceProblem> problems, int files, int keys, int revocationLists) {
    public FileScan {
        certificates = List.copyOf(certificates);
        problems = List.copyOf(problems);
    }

    /** The scan of several sources, as one. */
    public static FileScan of(List<FileScan> scans) {
        return new FileScan(
                scans.stream().flatMap(scan -> scan.certificates.stream()).toList(),
                scans.stream().flatMap(scan -> scan.problems.stream()).toList(),
                scans.stream().mapToInt(FileScan::files).sum(),
                scans.stream().mapToInt(FileScan::keys).sum(),
                scans.stream().mapToInt(FileScan::revocationLists).sum());
    }

    static FileScan problem(SourceProblem.Kind kind, String source, String found, String expected) {
        return new FileScan(List.of(), List.of(new SourceProblem(kind, source, found, expected)), 0, 0, 0);
    }

    /** What is being found in one file. */
    static final class Builder {
        private final String source;
        private final List<FoundCertificate> certificates = new ArrayList<>();
        private final List<SourceProblem> problems = new ArrayList<>();
        private int keys;
        private int revocationLists;

        Builder(String source) {
            this.source = source;
        }

        String source() {
            return source;
        }

        void found(FoundCertificate certificate) {
            certificates.add(certificate);
        }

        void problem(SourceProblem.Kind kind, String found, String expected) {
            problems.add(new SourceProblem(kind, source, found, expected));
        }

        void key() {
            keys++;
        }

        void revocationList() {
            revocationLists++;
        }

        boolean isEmpty() {
            return certificates.isEmpty() && problems.isEmpty() && keys == 0 && revocationLists == 0;
        }

        FileScan build() {
            return new FileScan(certificates, problems, 1, keys, revocationLists);
        }
    }
}
