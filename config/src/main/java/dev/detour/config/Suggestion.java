package dev.detour.config;

import java.util.Collection;
import java.util.Locale;

/** The known word nearest to a misspelt one. */
final class Suggestion {
    private Suggestion() {}

    /** What was expected instead of the word: the nearest known one, if any is near, and all that are known. */
    static String of(String word, Collection<String> known) {
        String all = "one of " + String.join(", ", known);
        String nearest = "";
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(plain(word), plain(candidate));
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return least <= Math.max(2, nearest.length() / 3) && least < nearest.length()
                ? "did you mean \"" + nearest + "\"? " + all
                : all;
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[_ -]", "");
    }

    /* Levenshtein's distance, one row at a time. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? diagonal : diagonal + 1;
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
