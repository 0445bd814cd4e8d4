package dev.detour.config;

/** How many letters have to be put in, taken out or changed to make one word of another (Levenshtein). */
public final class EditDistance {
    private EditDistance() {}

    /** The distance between two words; case counts. */
    public static int between(String a, String b) {
        // one row of the table at a time
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
