package dev.detour.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** A CRL and its issuer's certificate in files, for tests of other packages. */
public final class CrlFiles {
    private CrlFiles() {}

    /** Writes {@code ca.crl} with so many entries and {@code ca.pem}; gives the path of the list. */
    public static Path write(Path folder, int entries) throws Exception {
        CrlIssuer issuer = CrlIssuer.create("CN=Build CA,O=Detour test");
        Files.move(issuer.writeCertificate(folder), folder.resolve("ca.pem"));
        return Files.write(folder.resolve("ca.crl"), issuer.crl(entries));
    }
}
