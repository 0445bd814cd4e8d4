package dev.detour.app.cli;

import dev.detour.health.crl.CrlDownload;
import dev.detour.health.crl.CrlFacts;
import dev.detour.health.crl.CrlFormatException;
import dev.detour.health.crl.CrlReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a CRL is.
 *
 * @param name as it was given
 * @param url null for a file
 * @param tls whom an https URL is asked with, or null to trust whom Java trusts
 */
record CrlFile(String name, @Nullable URI url, @Nullable SSLContext tls) {
    /** The file or URL that a person means. */
    static CrlFile of(String name, @Nullable SSLContext tls) throws CommandFailure {
        if (!name.startsWith("http://") && !name.startsWith("https://")) {
            return new CrlFile(name, null, null);
        }
        try {
            URI url = Words.url(name);
            if (url.getUserInfo() != null) {
                throw CommandFailure.usage("a URL with a password in it (expected: one without)");
            }
            return new CrlFile(name, url, tls);
        } catch (TypeConversionException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }

    /** Its name in a history: that of a file does not depend on where the command was run. */
    String key() {
        return url == null ? Path.of(name).toAbsolutePath().normalize().toString() : name;
    }

    CrlFacts read(CrlReader reader) throws IOException, CrlFormatException, InterruptedException {
        if (url != null) {
            return (tls == null ? CrlDownload.USUAL : CrlDownload.USUAL.with(tls)).read(url, reader);
        }
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            return reader.read(in);
        }
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
