package dev.detour.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The problems found so far in one file. */
final class Problems {
    private static final int LONGEST_QUOTE = 120;

    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void add(int line, String path, String value, String expected) {
        found.add(new Problem(file, line, path, value, expected));
    }

    /** These problems by line, those of one line in the order they were found. */
    List<Problem> byLine() {
        return found.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
    }

    int count() {
        return found.size();
    }

    /** The text in quotes on one line, cut if it is very long. */
    static String quoted(String text) {
        String cut = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
        return '"' + cut.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}+", " ") + '"';
    }
}
