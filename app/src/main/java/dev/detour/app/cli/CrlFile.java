package dev.detour.app.cli;

import dev.detour.health.certificate.TrustAnchors;
import dev.detour.health.crl.CrlFacts;
import dev.detour.health.crl.CrlFileSource;
import dev.detour.health.crl.CrlFormatException;
import dev.detour.health.crl.CrlReader;
import dev.detour.health.crl.CrlSource;
import dev.detour.health.crl.CrlUrlSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * A CRL that a person has named.
 *
 * @param source where it is read
 */
record CrlFile(CrlSource source) {
    /** The file or URL that a person means; {@code trust} is whom an https URL is asked with, or null for whom Java trusts. */
    static CrlFile of(String name, @Nullable TrustAnchors trust) throws CommandFailure {
        if (!name.startsWith("http://") && !name.startsWith("https://")) {
            return new CrlFile(new CrlFileSource(name, Path.of(name)));
        }
        try {
            URI url = Words.url(name);
            if (url.getUserInfo() != null) {
                throw CommandFailure.usage("a URL with a password in it (expected: one without)");
            }
            return new CrlFile(new CrlUrlSource(name, url, trust));
        } catch (TypeConversionException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }

    /** As it was given. */
    String name() {
        return source.name();
    }

    /** Its name in a history: that of a file does not depend on where the command was run. */
    String key() {
        return source instanceof CrlFileSource in
                ? in.file().toAbsolutePath().normalize().toString()
                : name();
    }

    CrlFacts read(CrlReader reader) throws IOException, CrlFormatException, InterruptedException {
        return source.read(reader);
    }

    /** Why it could not be read, on one line. */
    static String why(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return "may not be read";
        }
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
