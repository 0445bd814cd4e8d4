package dev.detour.config.yaml;

/** The text is not one well-formed YAML document; the message is one sentence without a position. */
public final class MalformedYamlException extends Exception {
    private final int line;

    MalformedYamlException(int line, String message) {
        super(message);
        this.line = line;
    }

    /** The line where it was noticed, from 1. */
    public int line() {
        return line;
    }
}
