package dev.detour.proxy.refuse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The media ranges of an {@code Accept} header (RFC 9110, 12.5.1).
 *
 * <p>Elements that are no media range, or have no valid weight, are ignored; so are parameters other than {@code q}. A
 * header that is missing or says nothing usable accepts everything.
 */
final class Accept {
    private static final Accept ANYTHING = new Accept(List.of(new Range("*/*", 1, 0)));

    private final List<Range> ranges;

    private Accept(List<Range> ranges) {
        this.ranges = ranges;
    }

    /** One media range; {@code position} is its place in the header. */
    private record Range(String type, double weight, int position) {
        /** How closely it names {@code media}: 3 exactly, 2 by the main type, 1 as anything, 0 not at all. */
        int closeness(String media) {
            if (type.equals(media)) {
                return 3;
            }
            if (type.equals("*/*")) {
                return 1;
            }
            return type.endsWith("/*") && media.startsWith(type.substring(0, type.length() - 1)) ? 2 : 0;
        }
    }

    /** How much one form is wanted. Compared by weight, then by how closely it was named, then by place in the header. */
    private record Wish(double weight, int closeness, int position) {
        boolean exceeds(@Nullable Wish other) {
            if (other == null || weight != other.weight) {
                return other == null || weight > other.weight;
            }
            return closeness != other.closeness ? closeness > other.closeness : position < other.position;
        }
    }

    static Accept parse(@Nullable String header) {
        if (header == null) {
            return ANYTHING;
        }
        List<Range> ranges = new ArrayList<>();
        for (String element : split(header, ',')) {
            Range range = range(element, ranges.size());
            if (range != null) {
                ranges.add(range);
            }
        }
        return ranges.isEmpty() ? ANYTHING : new Accept(ranges);
    }

    /** The form wanted most, of equals the first, or the first of all if none is acceptable: a refusal must be told somehow. */
    BodyForm best(List<BodyForm> forms) {
        BodyForm best = forms.get(0);
        Wish wish = null;
        for (BodyForm form : forms) {
            for (String type : form.answers()) {
                Wish candidate = wish(type);
                if (candidate != null && candidate.weight() > 0 && candidate.exceeds(wish)) {
                    best = form;
                    wish = candidate;
                }
            }
        }
        return best;
    }

    /** How much {@code media} is wanted: what the closest range says, even if it says zero. */
    private @Nullable Wish wish(String media) {
        Wish wish = null;
        for (Range range : ranges) {
            int closeness = range.closeness(media);
            if (closeness > 0 && (wish == null || closeness > wish.closeness())) {
                wish = new Wish(range.weight(), closeness, range.position());
            }
        }
        return wish;
    }

    private static @Nullable Range range(String element, int position) {
        List<String> parts = split(element, ';');
        String type = parts.get(0).strip().toLowerCase(Locale.ROOT);
        if (!isRange(type)) {
            return null;
        }
        for (String parameter : parts.subList(1, parts.size())) {
            String text = parameter.strip().toLowerCase(Locale.ROOT);
            if (text.startsWith("q=")) {
                double weight = weight(text.substring(2).strip());
                return weight < 0 ? null : new Range(type, weight, position);
            }
        }
        return new Range(type, 1, position);
    }

    private static boolean isRange(String type) {
        int slash = type.indexOf('/');
        return slash > 0
                && slash == type.lastIndexOf('/')
                && slash < type.length() - 1
                && type.chars().noneMatch(c -> c <= ' ' || c >= 0x7f)
                && (type.charAt(0) != '*' || type.equals("*/*"));
    }

    /** A weight, at most 1, or -1 for what is none. More than three decimals are common and harmless. */
    private static double weight(String text) {
        boolean number = !text.isEmpty() && text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.');
        if (!number || text.indexOf('.') != text.lastIndexOf('.') || text.equals(".")) {
            return -1;
        }
        return Math.min(1, Double.parseDouble(text));
    }

    /** Parts between separators that stand outside of quoted strings. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
