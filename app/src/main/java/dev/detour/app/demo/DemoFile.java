package dev.detour.app.demo;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A distribution file of the demo index.
 *
 * @param version the release it belongs to
 * @param filename its name, which for a wheel ends in {@code .whl}
 * @param content its bytes, not to be changed
 * @param metadata the METADATA file of a wheel, served beside it as {@code .metadata} (PEP 658), or null for an sdist
 * @param requiresPython the Python versions it is for, or null for any
 * @param yanked why the release was yanked (PEP 592), or null if it was not
 * @param uploaded when it was uploaded
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record DemoFile(
        String version,
        String filename,
        byte[] content,
        byte @Nullable [] metadata,
        @Nullable String requiresPython,
        @Nullable String yanked,
        Instant uploaded) {

    /** SHA-256 of the content in lower-case hex. */
    String sha256() {
        return Digests.hex("SHA-256", content);
    }

    /**
     * Where the file lives below the host's root, without a leading slash: {@code packages/ab/cd/<60 hex>/<filename>}.
     *
     * <p>PyPI cuts the BLAKE2b-256 digest in this way. The JDK has no BLAKE2b, so here it is the SHA-256 digest; nobody may read
     * meaning into that part of the path, only its shape is the same.
     */
    String path() {
        String digest = sha256();
        return "packages/" + digest.substring(0, 2) + "/" + digest.substring(2, 4) + "/" + digest.substring(4) + "/"
                + filename;
    }

    boolean isWheel() {
        return metadata != null;
    }
}
