package dev.detour.bench.scale;

import java.util.SplittableRandom;

/** Names of projects that might be: syllables and a number, 13.3 characters in the mean, never twice the same. */
final class InventedName {
    private static final String[] SYLLABLES = {
        "py", "dja", "fla", "lib", "net", "data", "auto", "re", "co", "ma", "ni", "to", "lo", "sa", "ki", "ra", "vex",
                "tor",
        "mon", "bit", "ten", "sor", "gra", "ph", "cli", "web", "api", "bot", "log", "par", "ser", "quo", "zu", "yam",
                "ix", "el"
    };
    private static final String[] SEPARATORS = {"-", "-", "-", "_", "."};
    private static final int BASE = 36;

    private InventedName() {}

    static String of(int number, SplittableRandom random) {
        StringBuilder name = new StringBuilder();
        int syllables = 2 + random.nextInt(3);
        for (int i = 0; i < syllables; i++) {
            name.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
        }
        if (random.nextInt(20) == 0) {
            name.setCharAt(0, Character.toUpperCase(name.charAt(0)));
        }
        // what stands after the last separator is the number, whatever comes before
        return name.append(SEPARATORS[random.nextInt(SEPARATORS.length)])
                .append(Integer.toString(number, BASE))
                .toString();
    }
}
