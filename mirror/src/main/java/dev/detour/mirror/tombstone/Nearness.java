package dev.detour.mirror.tombstone;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Which tombstones somebody may have meant. */
final class Nearness {
    private static final int MOST = 5;

    private record Near(String text, int distance) {}

    private Nearness() {}

    static List<String> of(Target target, List<Tombstone> tombstones) {
        String written = target.text();
        return tombstones.stream()
                .map(each -> each.target().text())
                .map(text -> new Near(text, beginsAlike(written, text) ? 0 : distance(written, text)))
                .filter(near -> near.distance() <= Math.max(2, written.length() / 3))
                .sorted(Comparator.comparingInt(Near::distance))
                .limit(MOST)
                .map(Near::text)
                .toList();
    }

    private static boolean beginsAlike(String one, String other) {
        return project(one).equals(project(other));
    }

    /** The part of a target's text that names the project, more or less: enough for a hint. */
    private static String project(String text) {
        return text.toLowerCase(Locale.ROOT).replaceFirst("(?:==|-[0-9]).*", "").replaceAll("[._-]+", "-");
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
