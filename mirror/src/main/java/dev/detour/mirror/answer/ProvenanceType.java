package dev.detour.mirror.answer;

import org.jspecify.annotations.Nullable;

/** The media type of attestations: the index's own, as it prefers, unless the client asks for plain JSON only. */
public final class ProvenanceType {
    private static final String JSON = "application/json";
    private static final String INTEGRITY = "application/vnd.pypi.integrity.v1+json";

    private ProvenanceType() {}

    /** The type to send, by {@code Accept} as sent. */
    public static String negotiate(@Nullable String accept) {
        boolean plainOnly = accept != null
                && accept.contains(JSON)
                && !accept.contains(INTEGRITY)
                && !accept.contains("*/*")
                && !accept.contains("application/*");
        return plainOnly ? JSON : INTEGRITY;
    }
}
