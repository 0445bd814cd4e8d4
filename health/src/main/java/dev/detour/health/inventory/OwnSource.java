package dev.detour.health.inventory;

import dev.detour.health.certificate.CertificateFiles;
import dev.detour.health.certificate.FileScan;
import dev.detour.health.source.CertificateSource;
import dev.detour.health.source.Look;
import dev.detour.health.source.SourceKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that this instance itself lives by: those of its listeners and those it shows to backends, each with its key,
 * and the authorities it trusts.
 */
public final class OwnSource implements CertificateSource {
    /** Its name, which no configured source has: they begin with a letter or a digit. */
    public static final String NAME = "(own)";

    private final List<Identity> identities;
    private final List<Path> authorities;

    /** A chain and its key. */
    public record Identity(Path certificate, Path key) {}

    /**
     * A source; what is named twice is looked at once.
     *
     * @param authorities PEM files of trusted authorities
     */
    public OwnSource(List<Identity> identities, List<Path> authorities) {
        this.identities = identities.stream().distinct().toList();
        this.authorities = authorities.stream().distinct().toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SourceKind kind() {
        return SourceKind.OWN;
    }

    @Override
    public Look look() {
        CertificateFiles files = new CertificateFiles(null);
        Map<Path, FileScan> scans = new LinkedHashMap<>();
        for (Identity identity : identities) {
            scans.put(identity.certificate(), files.pair(identity.certificate(), identity.key()));
        }
        for (Path authority : authorities) {
            @Nullable FileScan ignored = scans.computeIfAbsent(authority, file -> files.scan(file.toString()));
        }
        FileScan all = FileScan.of(new ArrayList<>(scans.values()));
        return new Look(all.certificates(), all.problems(), List.of());
    }
}
