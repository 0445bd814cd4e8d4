package dev.detour.app.demo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** Digests in the spellings that package indexes use. */
final class Digests {
    private Digests() {}

    static String hex(String algorithm, byte[] content) {
        return HexFormat.of().formatHex(digest(algorithm, content));
    }

    /** URL-safe base64 without padding, as RECORD files have it. */
    static String urlSafe(String algorithm, byte[] content) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest(algorithm, content));
    }

    /** The entity tag that Warehouse gives a body: its MD5 in unpadded base64, in quotes. */
    static String entityTag(byte[] content) {
        return '"' + Base64.getEncoder().withoutPadding().encodeToString(digest("MD5", content)) + '"';
    }

    private static byte[] digest(String algorithm, byte[] content) {
        try {
            return MessageDigest.getInstance(algorithm).digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("digest: " + algorithm + " (expected: one that every JDK has)", e);
        }
    }
}
