package dev.detour.health.inventory;

import dev.detour.health.certificate.CertificateFiles;
import dev.detour.health.certificate.FileScan;
import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.source.CertificateSource;
import dev.detour.health.source.Look;
import dev.detour.health.source.SourceKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files on this machine: one, those of a folder, or those that a glob matches. */
public final class FilesSource implements CertificateSource {
    private final String name;
    private final String place;
    private final @Nullable Path passwordFile;
    private char @Nullable [] password;
    private CertificateFiles files;

    /**
     * A source.
     *
     * @param place a file, a folder or a glob
     * @param passwordFile holds the password of key stores in its first line, and is read at each look; null for none
     */
    public FilesSource(String name, String place, @Nullable Path passwordFile) {
        this.name = name;
        this.place = place;
        this.passwordFile = passwordFile;
        this.files = CertificateFiles.remembering(null);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SourceKind kind() {
        return SourceKind.FILES;
    }

    @Override
    public Look look() {
        if (passwordFile != null) {
            try {
                use(passwordFile);
            } catch (IOException e) {
                return Look.blind(new SourceProblem(
                        SourceProblem.Kind.PASSWORD,
                        passwordFile.toString(),
                        "cannot be read",
                        "the password of the key stores in its first line"));
            }
        }
        FileScan scan = files.scan(place);
        return new Look(scan.certificates(), scan.problems(), List.of());
    }

    /** What was found with another password has to be looked at again. */
    private void use(Path file) throws IOException {
        char[] read = CertificateFiles.password(file);
        if (!Arrays.equals(read, password)) {
            password = read;
            files = CertificateFiles.remembering(read);
        }
    }
}
