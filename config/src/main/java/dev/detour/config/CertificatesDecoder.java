package dev.detour.config;

import dev.detour.config.CertificatesConfig.Files;
import dev.detour.config.CertificatesConfig.Place;
import dev.detour.config.CertificatesConfig.Server;
import dev.detour.config.CertificatesConfig.Vault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code certificates}. */
final class CertificatesDecoder {
    private static final String KINDS = "exactly one of files, server and vault";
    private static final List<String> KIND_KEYS = List.of("files", "server", "vault");
    private static final Map<String, List<String>> ONLY_WITH = Map.of(
            "password-file", List.of("files"),
            "served-by", List.of("files"),
            "trust", List.of("server", "vault"));
    private static final String AUTHORITIES = "PEM certificates of the authorities to trust";

    private static final long LARGEST = 1L << 40;

    /** Nobody has to look at files and servers more often. */
    static final Duration SHORTEST = Duration.ofSeconds(1);

    static final Notation<String> TARGET = Notation.matching(
            "HOST:PORT, smtp://HOST:PORT, postgres://HOST:PORT or ldap://HOST:PORT",
            "((smtp|postgres|ldap)://)?(\\[[0-9a-fA-F:.]+]|[^\\s:/\\[\\]@]+):[1-9]\\d{0,4}");

    /** A size here may have no decimals: nobody sets a store's limit to 1.5 MiB. */
    static final Notation<String> LIMIT = new Notation<>(
            "consul (512 KiB), raft (1 MiB), dynamodb (400 KiB), or " + Units.SIZE, CertificatesDecoder::limit);

    private static final Notation<String> TEXT =
            Notation.matching("a text without control characters", "[^\\p{Cntrl}]{1,300}");
    private static final Notation<String> MOUNT =
            Notation.matching("the path of a mount such as pki or pki/internal", "[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");

    private CertificatesDecoder() {}

    static CertificatesConfig decode(Section section, Set<String> backends) {
        List<CertificatesConfig.Source> sources = new ArrayList<>();
        section.named("sources", "a mapping of name to a source with files, server or vault")
                .forEach((name, source) -> sources.add(source(name, source)));
        sources.stream()
                .map(CertificatesConfig.Source::name)
                .filter(backends::contains)
                .forEach(name -> section.problem(
                        "sources",
                        Problems.quoted(name),
                        "a name that no backend has: backends are watched under theirs"));
        return new CertificatesConfig(
                section.duration("every", SHORTEST),
                section.duration("probe-every", SHORTEST),
                section.find("warn", LifeMark.NOTATION),
                section.find("critical", LifeMark.NOTATION),
                sources);
    }

    private static CertificatesConfig.Source source(String name, Section section) {
        List<String> kinds = section.alternatives(KIND_KEYS, KINDS);
        if (kinds.isEmpty()) {
            section.missing("files", KINDS);
        }
        if (kinds.size() == 1) {
            ONLY_WITH.forEach((key, with) -> {
                if (section.has(key) && !with.contains(kinds.get(0))) {
                    section.problem(key, "present", "no " + key + " with " + kinds.get(0));
                }
            });
        }
        return new CertificatesConfig.Source(
                name,
                kinds.isEmpty() ? new Files("broken", null, List.of()) : place(kinds.get(0), section),
                section.find("warn", LifeMark.NOTATION),
                section.find("critical", LifeMark.NOTATION));
    }

    private static Place place(String kind, Section section) {
        Path trust = FileCheck.readable(section, "trust", AUTHORITIES);
        return switch (kind) {
            case "server" -> new Server(section.get("server", TARGET, "broken:1"), trust);
            case "vault" -> vault(section.childOrEmpty("vault"), trust);
            default -> files(section);
        };
    }

    /** That nothing is there yet is no reason not to start: the look says so, and goes on looking. */
    private static Files files(Section section) {
        Path path = section.file("files", "a file, a directory or a glob");
        return new Files(
                path == null ? "broken" : path.toString(),
                FileCheck.readable(section, "password-file", "the password of key stores"),
                section.values("served-by", "a list of servers, each " + TARGET.expected(), TARGET));
    }

    private static Vault vault(Section section, @Nullable Path trust) {
        return new Vault(
                section.get("url", WebRoot.SERVICE, WebRoot.BROKEN),
                section.get("mount", MOUNT),
                FileCheck.fileToBe(section, "token-file", "a token for Vault"),
                trust,
                section.find("namespace", TEXT),
                section.get("limit", LIMIT));
    }

    private static @Nullable String limit(String text) {
        if (List.of("consul", "raft", "dynamodb").contains(text)) {
            return text;
        }
        Long size = Units.findSize(text);
        return size == null || size == 0 || size > LARGEST ? null : text;
    }
}
