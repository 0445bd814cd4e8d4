package dev.detour.proxy.cache;

import dev.detour.mirror.page.SimpleFormat;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which of several answers to the same {@link CacheKey} a request selects (RFC 9111 4.1). */
public final class VariantKey {
    private static final Set<String> CODINGS = Set.of("br", "gzip", "zstd", "deflate");

    private VariantKey() {}

    /**
     * The values of the selecting headers in one text; requests with the same text are served by the same answer. A header
     * that is missing differs from one that is empty.
     *
     * @param vary lower-case names, sorted
     * @param simplePage whether {@code Accept} is read as the index reads it for Simple pages
     */
    public static String of(List<String> vary, HttpHeaders request, boolean simplePage) {
        if (vary.isEmpty()) {
            return "";
        }
        StringBuilder key = new StringBuilder();
        for (String name : vary) {
            key.append(name);
            if (simplePage && name.equals("accept")) {
                key.append(':').append(negotiated(request, null));
            } else if (request.contains(name)) {
                key.append(':');
                appendValue(key, name, request.getAll(name));
            }
            // no header value holds a line feed
            key.append('\n');
        }
        return key.toString();
    }

    /** The media type of the Simple page that the client gets: {@code ?format=} wins over {@code Accept}. */
    public static String simpleForm(HttpHeaders request, String target) {
        int mark = target.indexOf('?');
        return negotiated(request, mark < 0 ? null : format(target, mark));
    }

    private static String negotiated(HttpHeaders request, @Nullable String format) {
        List<String> lines = request.getAll(HttpHeaderNames.ACCEPT);
        String accept = lines.isEmpty() ? null : lines.size() == 1 ? lines.get(0) : String.join(",", lines);
        return SimpleFormat.negotiate(accept, format).mediaType();
    }

    private static @Nullable String format(String target, int mark) {
        int fragment = target.indexOf('#');
        String query = target.substring(mark, fragment < mark ? target.length() : fragment);
        List<String> values;
        try {
            values = new QueryStringDecoder(query).parameters().get("format");
        } catch (IllegalArgumentException e) {
            return null; // a percent sign that encodes nothing
        }
        // the plus sign of these types is mostly sent as it is, which decoding takes for a space
        return values == null ? null : values.get(0).replace(' ', '+');
    }

    private static void appendValue(StringBuilder key, String name, List<String> lines) {
        if (HttpHeaderNames.ACCEPT_ENCODING.contentEqualsIgnoreCase(name)) {
            key.append(codings(lines));
            return;
        }
        for (int i = 0; i < lines.size(); i++) {
            if (i > 0) {
                key.append(',');
            }
            appendCollapsed(key, lines.get(i).strip());
        }
    }

    /** The text without blanks around the commas that stand outside of quotes. */
    private static void appendCollapsed(StringBuilder key, String text) {
        boolean quoted = false;
        boolean afterComma = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (afterComma && isBlank(c)) {
                continue;
            }
            afterComma = c == ',' && !quoted;
            if (afterComma) {
                while (key.length() > 0 && isBlank(key.charAt(key.length() - 1))) {
                    key.setLength(key.length() - 1);
                }
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted && i + 1 < text.length()) {
                key.append(c);
                i++;
                c = text.charAt(i);
            }
            key.append(c);
        }
    }

    /**
     * The content codings that are accepted, sorted. Where {@code *} accepts any other, those that are refused are told too,
     * with a minus sign, lest their refusal be lost.
     */
    private static String codings(List<String> lines) {
        TreeSet<String> accepted = new TreeSet<>();
        TreeSet<String> refused = new TreeSet<>();
        for (String line : lines) {
            for (String element : line.toLowerCase(Locale.ROOT).split(",", -1)) {
                int semicolon = element.indexOf(';');
                String name = (semicolon < 0 ? element : element.substring(0, semicolon)).strip();
                String coding = name.equals("x-gzip") ? "gzip" : name;
                if (CODINGS.contains(coding) || coding.equals("*")) {
                    boolean no = semicolon >= 0 && isRefused(element.substring(semicolon + 1));
                    (no ? refused : accepted).add(coding);
                }
            }
        }
        // said both ways: no
        accepted.removeAll(refused);
        if (accepted.contains("*")) {
            refused.forEach(coding -> accepted.add('-' + coding));
        }
        return String.join(",", accepted);
    }

    /** Whether the weight is zero; one that is no number is taken as zero, which costs bytes but never a wrong answer. */
    private static boolean isRefused(String parameters) {
        for (String parameter : parameters.split(";", -1)) {
            String text = parameter.strip();
            if (text.startsWith("q=")) {
                String weight = text.substring(2).strip();
                return !weight.matches("0\\.[0-9]*[1-9][0-9]*|1(\\.0*)?");
            }
        }
        return false;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
