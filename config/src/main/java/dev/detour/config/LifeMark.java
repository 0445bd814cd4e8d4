package dev.detour.config;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A point in the life of a certificate: a share of it that is used, or what is left of it. Exactly one is set.
 *
 * @param used share of its life, above 0 and up to 1
 * @param left time before its end
 */
public record LifeMark(@Nullable Double used, @Nullable Duration left) {
    static final Notation<LifeMark> NOTATION = new Notation<>(
            "a share of its life used, such as 75%, or what is left of it, such as 30d or 12h", LifeMark::find);

    private static final Pattern LEFT = Pattern.compile("\\d{1,6}[dh]");

    public LifeMark {
        if ((used == null) == (left == null)) {
            throw new IllegalArgumentException("used: " + used + ", left: " + left + " (expected: exactly one)");
        }
    }

    private static @Nullable LifeMark find(String text) {
        Double share = Units.findShare(text);
        if (share != null) {
            return new LifeMark(share, null);
        }
        Matcher matcher = LEFT.matcher(text);
        Duration left = matcher.matches() ? Units.findDuration(text) : null;
        return left == null ? null : new LifeMark(null, left);
    }

    @Override
    public String toString() {
        return used != null ? Units.formatShare(used) : Units.format(Objects.requireNonNull(left));
    }
}
