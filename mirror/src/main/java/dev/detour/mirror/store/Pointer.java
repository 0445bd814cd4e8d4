package dev.detour.mirror.store;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which generation is served: the file {@code current.json}, replaced as a whole.
 *
 * @param generation its number
 * @param pinned whether later generations do not take its place
 * @param confirmed by generation, when the index's list was asked for that it agrees with
 */
record Pointer(long generation, boolean pinned, SortedMap<Long, Instant> confirmed) {
    static final String FILE = "current.json";

    Pointer {
        confirmed = new TreeMap<>(confirmed);
    }

    static @Nullable Pointer read(Path store) throws StoreException {
        Path file = store.resolve(FILE);
        try {
            ObjectNode json = CanonicalJson.readObject(Files.readAllBytes(file));
            SortedMap<Long, Instant> confirmed = new TreeMap<>();
            for (Map.Entry<String, tools.jackson.databind.JsonNode> entry :
                    json.required("confirmed").properties()) {
                confirmed.put(
                        Long.parseLong(entry.getKey()),
                        Instant.parse(entry.getValue().asString()));
            }
            return new Pointer(
                    json.required("generation").asLong(),
                    json.required("pinned").asBoolean(),
                    confirmed);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | PageFormatException e) {
            throw new StoreException(file + " cannot be read: " + e, e);
        } catch (RuntimeException e) {
            throw new StoreException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    void write(Path store) throws StoreException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("generation", generation);
        json.put("pinned", pinned);
        ObjectNode times = json.putObject("confirmed");
        confirmed.forEach((number, at) -> times.put(Long.toString(number), at.toString()));
        try {
            DurableFile.write(store.resolve(FILE), CanonicalJson.write(json));
        } catch (IOException e) {
            throw new StoreException(store.resolve(FILE) + " cannot be written: " + e, e);
        }
    }
}
