package dev.detour.config;

import dev.detour.config.CrlsConfig.FromCertificates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code crls}. */
final class CrlsDecoder {
    private static final String KINDS = "either file or url";
    private static final Notation<Integer> COUNT = Notation.number(0, Integer.MAX_VALUE);
    private static final String HOSTS = "a list of at least one host";
    private static final Notation<String> HOST = Notation.matching(
            "a host such as crl.example.org, or *.example.org for all below it",
            "(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9])?");

    private CrlsDecoder() {}

    static CrlsConfig decode(Section section) {
        List<CrlsConfig.Source> sources = new ArrayList<>();
        section.named("sources", "a mapping of name to a CRL with file or url")
                .forEach((name, source) -> sources.add(source(name, source)));
        return new CrlsConfig(
                section.duration("every", CertificatesDecoder.SHORTEST),
                sources,
                fromCertificates(section.child("from-certificates")));
    }

    private static CrlsConfig.Source source(String name, Section section) {
        if (section.alternatives(List.of("file", "url"), KINDS).isEmpty()) {
            section.missing("file", KINDS);
        }
        if (section.has("trust") && !section.has("url")) {
            section.problem("trust", "present", "no trust with file");
        }
        Path file = section.file("file", "a CRL in DER or PEM");
        return new CrlsConfig.Source(
                name,
                file,
                section.find("url", WebRoot.PAGE),
                FileCheck.readable(section, "trust", "PEM certificates of the authorities to trust"),
                FileCheck.readable(section, "issuer", "PEM certificates, one of which has signed the CRL"),
                section.find("limit", CertificatesDecoder.LIMIT),
                section.find("lifetime", Notation.DURATION),
                section.find("live", COUNT));
    }

    private static @Nullable FromCertificates fromCertificates(@Nullable Section section) {
        if (section == null) {
            return null;
        }
        if (section.isEmpty("hosts")) {
            section.problem("hosts", "an empty list", HOSTS);
        }
        return new FromCertificates(
                section.values("hosts", HOSTS, HOST), section.find("limit", CertificatesDecoder.LIMIT));
    }
}
