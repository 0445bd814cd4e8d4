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
            int distance = EditDistance.between(plain(word), plain(candidate));
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
}
