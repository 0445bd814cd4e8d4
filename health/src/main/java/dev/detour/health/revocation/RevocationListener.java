package dev.detour.health.revocation;

import java.nio.file.Path;

/** Hears what becomes of CRL files, on the thread that reads them; once for each change, not for each look. */
public interface RevocationListener {
    /** The file was read and counts from now on. */
    void onLoaded(Path file, String issuer, int entries);

    /** The file cannot be used; what it said before still counts. */
    void onBroken(Path file, String reason);
}
