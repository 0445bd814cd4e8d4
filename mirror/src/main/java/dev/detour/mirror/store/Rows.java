package dev.detour.mirror.store;

import dev.detour.mirror.page.CanonicalJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The bytes of rows. What there are millions of is binary; the rest is JSON. */
final class Rows {
    /** No serial, no time. */
    private static final long NONE = Long.MIN_VALUE;

    private static final byte STATE_FORM = 1;
    private static final int HASH_BYTES = 32;

    private Rows() {}

    /** Parts cannot hold NUL: names and file names with control characters are not taken. */
    static byte[] key(String... parts) {
        return String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static byte[] of(ProjectState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(STATE_FORM);
            out.writeByte(state.origin().code());
            out.writeLong(state.serial().orElse(NONE));
            out.writeLong(state.fetchedAt().toEpochMilli());
            out.writeLong(state.auditedAt() == null ? NONE : state.auditedAt().toEpochMilli());
            out.write(HexFormat.of().parseHex(state.sha256()), 0, HASH_BYTES);
            out.writeUTF(state.etag() == null ? "" : state.etag());
        } catch (IOException e) {
            throw new IllegalArgumentException("a tag of more than 64 KiB", e);
        }
        return bytes.toByteArray();
    }

    static ProjectState state(byte[] row) throws StoreException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(row))) {
            byte form = in.readByte();
            if (form != STATE_FORM) {
                throw new StoreException("a row has form " + form + " (expected: " + STATE_FORM
                        + "); the store was written by a later version");
            }
            Origin origin = Origin.of(in.readByte());
            long serial = in.readLong();
            long fetchedAt = in.readLong();
            long auditedAt = in.readLong();
            String sha256 = HexFormat.of().formatHex(in.readNBytes(HASH_BYTES));
            String etag = in.readUTF();
            return new ProjectState(
                    serial == NONE ? OptionalLong.empty() : OptionalLong.of(serial),
                    etag.isEmpty() ? null : etag,
                    sha256,
                    Instant.ofEpochMilli(fetchedAt),
                    auditedAt == NONE ? null : Instant.ofEpochMilli(auditedAt),
                    origin);
        } catch (StoreException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new StoreException("a row of the store is damaged: " + e, e);
        }
    }

    static byte[] of(ListEntry entry) {
        return entry.json().getBytes(StandardCharsets.UTF_8);
    }

    static ListEntry entry(String project, byte[] row) {
        String json = text(row);
        return new ListEntry(project, serialIn(json), json);
    }

    /** Of an entry in canonical form, where the key comes first; parsing a million trees would take seconds. */
    private static OptionalLong serialIn(String json) {
        String key = "\"_last-serial\":";
        int at = json.indexOf(key);
        if (at < 0) {
            return OptionalLong.empty();
        }
        int end = at + key.length();
        while (end < json.length() && Character.isDigit(json.charAt(end))) {
            end++;
        }
        int digits = end - at - key.length();
        return digits == 0 || digits > 18
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(json, at + key.length(), end, 10));
    }

    static byte[] of(StoredFile file) {
        return (file.sha256() + " " + file.size()).getBytes(StandardCharsets.UTF_8);
    }

    static StoredFile file(byte[] row) {
        String text = text(row);
        int space = text.indexOf(' ');
        return new StoredFile(text.substring(0, space), Long.parseLong(text.substring(space + 1)));
    }

    static byte[] of(Task task) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("reason", task.reason().name());
        json.put("attempts", task.attempts());
        json.put("since", task.since().toString());
        put(
                json,
                "notBefore",
                task.notBefore() == null ? null : task.notBefore().toString());
        put(json, "error", task.error());
        put(json, "entry", task.entry() == null ? null : task.entry().json());
        return CanonicalJson.write(json);
    }

    private static void put(ObjectNode json, String key, @Nullable String value) {
        if (value != null) {
            json.put(key, value);
        }
    }

    static Task task(String project, byte[] row) throws StoreException {
        try {
            ObjectNode json = CanonicalJson.readObject(row);
            String notBefore = text(json, "notBefore");
            String entry = text(json, "entry");
            return new Task(
                    project,
                    Task.Reason.valueOf(json.required("reason").asString()),
                    entry == null ? null : new ListEntry(project, serialIn(entry), entry),
                    json.required("attempts").asInt(),
                    notBefore == null ? null : Instant.parse(notBefore),
                    Instant.parse(json.required("since").asString()),
                    text(json, "error"));
        } catch (RuntimeException e) {
            throw new StoreException("the task of " + project + " is damaged: " + e, e);
        }
    }

    private static @Nullable String text(ObjectNode json, String key) {
        JsonNode value = json.get(key);
        return value == null ? null : value.asString();
    }
}
