package dev.detour.mirror.tombstone;

import dev.detour.config.EditDistance;
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
                .map(text -> new Near(text, beginsAlike(written, text) ? 0 : EditDistance.between(written, text)))
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
}
