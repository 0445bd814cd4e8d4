package dev.detour.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration file cannot be used; it names every problem found, and its message is one line for each. */
public final class InvalidConfigException extends Exception {
    private final transient List<Problem> problems;

    InvalidConfigException(List<Problem> problems) {
        this.problems = List.copyOf(problems);
    }

    /** Every problem on a line of its own. */
    @Override
    public String getMessage() {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    /** Every problem, by line; never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
