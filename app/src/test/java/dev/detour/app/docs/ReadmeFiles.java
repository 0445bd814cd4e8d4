package dev.detour.app.docs;

import dev.detour.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that the README's configuration names. */
final class ReadmeFiles {
    private ReadmeFiles() {}

    static void create(Path folder, TestCertificates certificates) throws IOException {
        Path tls = Files.createDirectories(folder.resolve("tls"));
        Files.move(certificates.server().write(tls), tls.resolve("edge.crt"));
        Files.move(certificates.server().keyFile(tls), tls.resolve("edge.key"));
        Files.move(certificates.writeCa(folder), folder.resolve("ca.pem"));
        Files.createDirectories(folder.resolve("mirror/web/simple"));
    }
}
