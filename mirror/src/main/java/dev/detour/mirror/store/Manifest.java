package dev.detour.mirror.store;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a generation is, as it is signed.
 *
 * @param number grows by one with each generation of a store
 * @param sealedAt when it was made
 * @param pages number of project pages
 * @param listed number of projects in the list
 * @param rootHash SHA-256 over the lines {@code name NUL serial NUL hash-of-page LF} of all pages, in the order of names;
 *     the serial is empty where there is none
 * @param listHash SHA-256 over the head of the list and all its entries, in the order of names
 * @param content what the store's counter of changes stood at
 */
public record Manifest(
        long number, Instant sealedAt, long pages, long listed, String rootHash, String listHash, long content) {
    static final String FILE = "manifest.json";
    static final String SIGNATURE = "manifest.sig";

    private static final int FORM = 1;

    /** What a state amounts to. Reads every row of the two small tables: a second for a million projects. */
    static Manifest of(Database database, long number, Instant sealedAt) throws StoreException {
        MessageDigest root = Sha256.digest();
        MessageDigest list = Sha256.digest();
        long[] counts = new long[2];
        database.forEachState((project, state) -> {
            String serial =
                    state.serial().isEmpty() ? "" : Long.toString(state.serial().getAsLong());
            update(root, project + '\0' + serial + '\0' + state.sha256() + '\n');
            counts[0]++;
        });
        ObjectNode head = database.listHead();
        list.update(head == null ? new byte[0] : CanonicalJson.write(head));
        database.forEachListed(entry -> {
            update(list, entry.json() + '\n');
            counts[1]++;
        });
        return new Manifest(
                number, sealedAt, counts[0], counts[1], Sha256.hex(root), Sha256.hex(list), database.content());
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("form", FORM);
        json.put("generation", number);
        json.put("sealed-at", sealedAt.toString());
        json.put("pages", pages);
        json.put("listed", listed);
        json.put("root-hash", rootHash);
        json.put("list-hash", listHash);
        json.put("content", content);
        return CanonicalJson.write(json);
    }

    static Manifest parse(byte[] bytes, Object where) throws StoreException {
        try {
            ObjectNode json = CanonicalJson.readObject(bytes);
            long form = number(json, "form");
            if (form != FORM) {
                throw new StoreException(where + " has form " + form + " (expected: " + FORM + ")");
            }
            return new Manifest(
                    number(json, "generation"),
                    Instant.parse(text(json, "sealed-at")),
                    number(json, "pages"),
                    number(json, "listed"),
                    text(json, "root-hash"),
                    text(json, "list-hash"),
                    number(json, "content"));
        } catch (PageFormatException | DateTimeParseException e) {
            throw new StoreException(where + " is damaged: " + e.getMessage(), e);
        }
    }

    private static long number(ObjectNode json, String key) {
        JsonNode value = json.get(key);
        if (value == null || !value.isIntegralNumber()) {
            throw new PageFormatException("'" + key + "' is " + value + " (expected: a number)");
        }
        return value.longValue();
    }

    private static String text(ObjectNode json, String key) {
        JsonNode value = json.get(key);
        if (value == null || !value.isString()) {
            throw new PageFormatException("'" + key + "' is " + value + " (expected: text)");
        }
        return value.stringValue();
    }

    /** What of a state is not as this says, or null. */
    @Nullable String deviationOf(Manifest found) {
        if (!rootHash.equals(found.rootHash)) {
            return "its " + found.pages + " pages have the hash " + found.rootHash + " (expected: " + pages
                    + " pages with " + rootHash + ")";
        }
        if (!listHash.equals(found.listHash)) {
            return "its list of " + found.listed + " projects has the hash " + found.listHash + " (expected: " + listed
                    + " projects with " + listHash + ")";
        }
        return null;
    }
}
