package dev.detour.admin;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a request's body; one that is null counts as absent. */
public final class RequestFields {
    private static final int LONGEST_REASON = 500;

    private final ObjectNode body;

    private RequestFields(ObjectNode body) {
        this.body = body;
    }

    /**
     * The fields of a body that may have {@code keys} and no others.
     *
     * @throws ProblemException 400 if it has another, because a wish that is misspelt is not to be ignored
     */
    public static RequestFields of(ObjectNode body, List<String> keys) throws ProblemException {
        for (String key : body.propertyNames()) {
            if (!keys.contains(key)) {
                throw ProblemException.badValue(key, "unknown key", "one of " + String.join(", ", keys));
            }
        }
        return new RequestFields(body);
    }

    /** A string, or null if absent. */
    public @Nullable String text(String key) throws ProblemException {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw ProblemException.badValue(key, value.toString(), "a string");
        }
        return value.stringValue();
    }

    /** An array of 1 to {@code most} strings, or an empty list if absent. */
    public List<String> texts(String key, int most) throws ProblemException {
        JsonNode value = value(key);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.isEmpty() || value.size() > most) {
            String shown = value.isArray() && !value.isEmpty() ? value.size() + " values" : value.toString();
            throw ProblemException.badValue(key, shown, "an array of 1 to " + most + " strings");
        }
        List<String> texts = new ArrayList<>(value.size());
        for (JsonNode text : value) {
            if (!text.isString()) {
                throw ProblemException.badValue(key + "[" + texts.size() + "]", text.toString(), "a string");
            }
            texts.add(text.stringValue());
        }
        return texts;
    }

    /** A boolean, or {@code absent} if absent. */
    public boolean flag(String key, boolean absent) throws ProblemException {
        JsonNode value = value(key);
        if (value == null) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw ProblemException.badValue(key, value.toString(), "true or false");
        }
        return value.booleanValue();
    }

    /** {@code reason}: what an operator tells the others, on one line; or null. */
    public @Nullable String reason() throws ProblemException {
        String reason = text("reason");
        if (reason != null
                && (reason.length() > LONGEST_REASON || reason.chars().anyMatch(Character::isISOControl))) {
            throw ProblemException.badValue(
                    "reason", reason, "at most " + LONGEST_REASON + " characters without control characters");
        }
        return reason;
    }

    private @Nullable JsonNode value(String key) {
        JsonNode value = body.get(key);
        return value == null || value.isNull() ? null : value;
    }
}
