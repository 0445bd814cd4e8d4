package dev.detour.mirror.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One element of an {@code Accept} header (RFC 9110, 12.5.1).
 *
 * @param type {@code type/subtype} in lower case, either may be {@code *}
 * @param quality in thousandths, 0 to 1000
 */
record MediaRange(String type, int quality) {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern RANGE = Pattern.compile("\\s*(" + TOKEN + "/" + TOKEN + ")\\s*");
    private static final Pattern WEIGHT = Pattern.compile("\\s*[qQ]\\s*=\\s*(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?)\\s*");
    private static final Pattern Q = Pattern.compile("\\s*[qQ]\\s*=.*", Pattern.DOTALL);
    private static final Pattern CHARSET =
            Pattern.compile("\\s*charset\\s*=\\s*\"?utf-?8\"?\\s*", Pattern.CASE_INSENSITIVE);

    /** The elements that can be understood; a malformed one is passed over, it must not cost the client the others. */
    static List<MediaRange> parse(String accept) {
        List<MediaRange> ranges = new ArrayList<>();
        for (String element : split(accept, ',')) {
            MediaRange range = range(split(element, ';'));
            if (range != null) {
                ranges.add(range);
            }
        }
        return ranges;
    }

    private static @Nullable MediaRange range(List<String> parts) {
        Matcher type = RANGE.matcher(parts.get(0));
        if (!type.matches()) {
            return null;
        }
        String name = type.group(1).toLowerCase(Locale.ROOT);
        if (name.startsWith("*/") && !name.equals("*/*")) {
            return null;
        }
        for (String parameter : parts.subList(1, parts.size())) {
            if (Q.matcher(parameter).matches()) {
                // what follows the weight are extensions without meaning here
                Matcher weight = WEIGHT.matcher(parameter);
                return weight.matches() ? new MediaRange(name, thousandths(weight.group(1))) : null;
            }
            if (!parameter.isBlank() && !CHARSET.matcher(parameter).matches()) {
                // asks for a variant of the type that nobody offers
                return null;
            }
        }
        return new MediaRange(name, 1000);
    }

    private static int thousandths(String weight) {
        String fraction = weight.length() > 2 ? weight.substring(2) : "";
        return (weight.charAt(0) - '0') * 1000 + Integer.parseInt((fraction + "000").substring(0, 3));
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
