package dev.detour.health.crl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A CRL in a file, DER or PEM.
 *
 * @param name as configured
 */
public record CrlFileSource(String name, Path file) implements CrlSource {
    @Override
    public String place() {
        return file.toString();
    }

    @Override
    public CrlFacts read(CrlReader reader) throws IOException, CrlFormatException {
        try (InputStream in = Files.newInputStream(file)) {
            return reader.read(in);
        } catch (NoSuchFileException e) {
            throw new IOException("no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException("may not be read", e);
        }
    }
}
