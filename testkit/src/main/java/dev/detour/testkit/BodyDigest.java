package dev.detour.testkit;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Length, SHA-256 and the first bytes of a body that is not kept. */
final class BodyDigest {
    private final MessageDigest digest;
    private final ByteArrayOutputStream start = new ByteArrayOutputStream();
    private final int keep;
    private long length;

    BodyDigest(int keep) {
        this.keep = keep;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    void add(byte[] bytes, int count) {
        digest.update(bytes, 0, count);
        int room = keep - start.size();
        if (room > 0) {
            start.write(bytes, 0, Math.min(room, count));
        }
        length += count;
    }

    long length() {
        return length;
    }

    byte[] start() {
        return start.toByteArray();
    }

    /** The SHA-256 of all bytes in hex; can be asked once. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
