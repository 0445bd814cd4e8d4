package dev.detour.proxy.matrix;

import java.util.function.Function;

/**
 * One cell of the matrix, as the page has it: {@code mirror 200, first-byte, counts}.
 *
 * @param outcome who answered
 * @param status what the client saw
 * @param limit how long it took
 * @param verdict what the breaker made of it
 */
record Cell(Outcome outcome, int status, Wait limit, Verdict verdict) {

    /** Reads a cell; an IllegalArgumentException says what is wrong with it. */
    static Cell parse(String text) {
        String[] parts = text.strip().split(", ", -1);
        String[] answer = parts[0].split(" ", -1);
        if (parts.length != 3 || answer.length != 2 || !answer[1].matches("\\d{3}")) {
            throw new IllegalArgumentException("cell: " + text + " (expected: such as mirror 200, now, counts)");
        }
        return new Cell(
                named(answer[0], Outcome.values(), Outcome::label),
                Integer.parseInt(answer[1]),
                named(parts[1], Wait.values(), Wait::label),
                named(parts[2], Verdict.values(), Verdict::label));
    }

    private static <T> T named(String name, T[] values, Function<T, String> label) {
        for (T value : values) {
            if (label.apply(value).equals(name)) {
                return value;
            }
        }
        throw new IllegalArgumentException("no such word in a cell: " + name);
    }

    @Override
    public String toString() {
        return outcome.label() + " " + status + ", " + limit.label() + ", " + verdict.label();
    }
}
