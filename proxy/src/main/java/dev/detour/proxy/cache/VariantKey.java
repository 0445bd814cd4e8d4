package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The values of the headers by which a backend tells requests apart, as one text (RFC 9111 4.1). Spellings of the same wish
 * are the same.
 */
public final class VariantKey {
    /** The forms of a Simple page in the order in which a backend prefers them. */
    private static final List<String> FORMS =
            List.of("text/html", "application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.v1+json");

    private static final Set<String> CODINGS = Set.of("br", "gzip", "zstd", "deflate", "*");

    private VariantKey() {}

    /** The values of {@code vary} in a request. */
    public static String of(List<String> vary, HttpHeaders request) {
        if (vary.isEmpty()) {
            return "";
        }
        StringBuilder key = new StringBuilder();
        for (String name : vary) {
            key.append(name).append('=');
            if (HttpHeaderNames.ACCEPT_ENCODING.contentEqualsIgnoreCase(name)) {
                key.append(codings(request.getAll(name)));
            } else {
                appendValues(key, request.getAll(name));
            }
            key.append('\n');
        }
        return key.toString();
    }

    private static void appendValues(StringBuilder key, List<String> lines) {
        boolean first = true;
        for (String line : lines) {
            for (String element : Lists.split(line, ',')) {
                key.append(first ? "" : ",").append(element);
                first = false;
            }
        }
    }

    /** The codings that the client takes; of several the backend chooses, so their order says nothing. */
    private static String codings(List<String> lines) {
        Set<String> taken = new TreeSet<>();
        for (String line : lines) {
            for (String element : Lists.split(line, ',')) {
                int semicolon = element.indexOf(';');
                String coding = (semicolon < 0 ? element : element.substring(0, semicolon))
                        .trim()
                        .toLowerCase(Locale.ROOT);
                coding = coding.equals("x-gzip") ? "gzip" : coding;
                if (CODINGS.contains(coding) && weight(element, semicolon) > 0) {
                    taken.add(coding);
                }
            }
        }
        return String.join(",", taken);
    }

    /**
     * The form of a Simple page that a request gets: {@code ?format=} before {@code Accept}, and HTML if nothing fits, because
     * that is what PyPI does.
     */
    public static String simpleForm(HttpHeaders request, String target) {
        String asked = formatOf(target);
        if (asked != null) {
            return asked;
        }
        String best = FORMS.get(0);
        double most = 0;
        for (String form : FORMS) {
            double weight = wish(request.getAll(HttpHeaderNames.ACCEPT), form);
            if (weight > most) {
                most = weight;
                best = form;
            }
        }
        return best;
    }

    private static @Nullable String formatOf(String target) {
        int at = target.indexOf("?format=");
        if (at < 0) {
            at = target.indexOf("&format=");
        }
        if (at < 0) {
            return null;
        }
        int end = target.indexOf('&', at + 8);
        String written = target.substring(at + 8, end < 0 ? target.length() : end)
                .replace("%2B", "+")
                .replace("%2b", "+")
                .replace("%2F", "/")
                .replace("%2f", "/");
        String form = written.replace("simple.latest+", "simple.v1+");
        return FORMS.contains(form) ? form : null;
    }

    /** How much a form is wanted: the weight of the range that names it most closely. */
    private static double wish(List<String> lines, String form) {
        double weight = 0;
        int closest = 0;
        for (String line : lines) {
            for (String element : Lists.split(line, ',')) {
                int semicolon = element.indexOf(';');
                String range = (semicolon < 0 ? element : element.substring(0, semicolon))
                        .trim()
                        .toLowerCase(Locale.ROOT)
                        .replace("simple.latest+", "simple.v1+");
                int close = closeness(range, form);
                if (close > closest) {
                    closest = close;
                    weight = weight(element, semicolon);
                }
            }
        }
        return weight;
    }

    private static int closeness(String range, String form) {
        if (range.equals(form)) {
            return 3;
        }
        if (range.equals("*/*")) {
            return 1;
        }
        return range.endsWith("/*") && form.startsWith(range.substring(0, range.length() - 1)) ? 2 : 0;
    }

    private static double weight(String element, int semicolon) {
        if (semicolon < 0) {
            return 1;
        }
        for (String parameter : Lists.split(element.substring(semicolon + 1), ';')) {
            String lower = parameter.toLowerCase(Locale.ROOT).replace(" ", "");
            if (lower.startsWith("q=")) {
                return lower.substring(2).matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?")
                        ? Double.parseDouble(lower.substring(2))
                        : 0;
            }
        }
        return 1;
    }
}
