package dev.detour.mirror.answer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.OptionalLong;

/**
 * An answer ready to be sent many times.
 *
 * @param body read-only
 * @param negotiated whether other clients get another form of it under the same URL
 */
public record Page(
        ByteBuffer body, String contentType, boolean negotiated, OptionalLong serial, Validators validators) {
    // unlike any tag of the backend: after recovery a client must not be told that the mirror's page is the current one
    private static final String TAG_PREFIX = "\"detour-m-";
    private static final int TAG_BYTES = 18;

    public static Page of(byte[] body, String contentType, boolean negotiated, OptionalLong serial, FileTime modified) {
        return new Page(
                ByteBuffer.wrap(body).asReadOnlyBuffer(),
                contentType,
                negotiated,
                serial,
                new Validators(tag(contentType, body), modified.toInstant()));
    }

    private static String tag(String contentType, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            // the two HTML types have the same bytes but are two representations
            digest.update(contentType.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            byte[] hash = Arrays.copyOf(digest.digest(body), TAG_BYTES);
            return TAG_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(hash) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public int size() {
        return body.remaining();
    }
}
