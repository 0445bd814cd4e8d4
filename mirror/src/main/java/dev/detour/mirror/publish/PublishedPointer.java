package dev.detour.mirror.publish;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.store.SigningKey;
import dev.detour.mirror.store.StoreException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Base64;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which generation a publication consists of: the file {@code current.json}, the only one that is ever replaced. It carries
 * the signature of all of its other values, in canonical JSON.
 *
 * @param generation its number
 * @param sha256 of the generation's own file
 * @param size of that file, in bytes
 * @param confirmedAt when the index's list was asked for that the generation agrees with
 * @param expires when a new pointer should have been published long ago
 */
record PublishedPointer(long generation, String sha256, long size, Instant confirmedAt, Instant expires) {
    static final String FILE = "current.json";
    static final long MAX_BYTES = 64 << 10;

    private static final String KIND = "detour-mirror-publication";
    private static final long FORM = 1;
    private static final String SIGNATURE = "signature";

    byte[] signed(SigningKey key) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", KIND);
        json.put("form", FORM);
        json.put("generation", generation);
        json.put("sha256", sha256);
        json.put("size", size);
        json.put("confirmed-at", confirmedAt.toString());
        json.put("expires", expires.toString());
        byte[] signature = key.sign(CanonicalJson.write(json));
        json.put(SIGNATURE, Base64.getEncoder().encodeToString(signature));
        return CanonicalJson.write(json);
    }

    /**
     * Reads a pointer.
     *
     * @param where it is from, for messages
     * @throws StoreException if it is not signed by the key
     */
    static PublishedPointer verified(byte[] bytes, PublicKey key, String where) throws StoreException {
        try {
            ObjectNode json = CanonicalJson.readObject(bytes);
            byte[] signature = Json.bytes(json, SIGNATURE);
            json.remove(SIGNATURE);
            if (!SigningKey.verifies(key, CanonicalJson.write(json), signature)) {
                throw new StoreException(where + " is not signed by the key that was given for this publication");
            }
            Json.expect(json, KIND, FORM);
            return new PublishedPointer(
                    Json.number(json, "generation"),
                    Json.sha256(json, "sha256"),
                    Json.number(json, "size"),
                    Json.instant(json, "confirmed-at"),
                    Json.instant(json, "expires"));
        } catch (PageFormatException e) {
            throw new StoreException(where + " is no pointer of a publication: " + e.getMessage(), e);
        }
    }
}
