package dev.detour.health.certificate;

/**
 * A source, or a part of one, that could not be looked at: where, what was found, and what was expected.
 *
 * @param source the file as it was asked for
 */
public record SourceProblem(String source, String found, String expected) {
    @Override
    public String toString() {
        return source + ": " + found + " (expected: " + expected + ")";
    }
}
