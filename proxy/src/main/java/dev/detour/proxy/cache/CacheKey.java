package dev.detour.proxy.cache;

import dev.detour.config.ApiClass;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An address whose answers are kept. What a client may write in several ways without meaning another thing is written in one,
 * as PyPI's own edge does; what could mean another thing ({@code %2f}, dot segments) is not touched.
 *
 * @param backend name of the backend
 * @param host lower case, without a port that goes without saying; empty if the client names none
 * @param target path and, where it means something, query
 */
public record CacheKey(String backend, String host, String target) {
    private static final String JSON_BEGIN = "/pypi/";

    /**
     * The address that a request means.
     *
     * @param target request target in origin form
     * @param keepsQuery whether the query means anything there
     */
    public static CacheKey of(
            String backend, @Nullable String hostHeader, String target, ApiClass api, boolean keepsQuery) {
        String path = target;
        int fragment = path.indexOf('#');
        if (fragment >= 0) {
            path = path.substring(0, fragment);
        }
        int mark = path.indexOf('?');
        String query = "";
        if (mark >= 0) {
            query = keepsQuery ? sorted(path.substring(mark + 1)) : "";
            path = path.substring(0, mark);
        }
        if (path.indexOf('%') >= 0) {
            path = decodedWhereItMeansNothing(path);
        }
        if (api == ApiClass.JSON) {
            path = withNormalName(path);
        }
        return new CacheKey(backend, host(hostHeader), query.isEmpty() ? path : path + '?' + query);
    }

    private static String host(@Nullable String header) {
        if (header == null) {
            return "";
        }
        String host = header;
        if (host.endsWith(":443")) {
            host = host.substring(0, host.length() - 4);
        } else if (host.endsWith(":80")) {
            host = host.substring(0, host.length() - 3);
        }
        return host.toLowerCase(Locale.ROOT);
    }

    private static String sorted(String query) {
        String[] parameters = decodedWhereItMeansNothing(query).split("&", -1);
        Arrays.sort(parameters);
        StringBuilder sorted = new StringBuilder(query.length());
        for (String parameter : parameters) {
            if (!parameter.isEmpty()) {
                sorted.append(sorted.length() == 0 ? "" : "&").append(parameter);
            }
        }
        return sorted.toString();
    }

    /** Percent-encoding of unreserved characters undone, of others in upper case (RFC 3986 6.2.2). */
    private static String decodedWhereItMeansNothing(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (low < 0) {
                plain.append(c);
                continue;
            }
            char meant = (char) (high * 16 + low);
            if (unreserved(meant)) {
                plain.append(meant);
            } else {
                plain.append('%').append(text.substring(i + 1, i + 3).toUpperCase(Locale.ROOT));
            }
            i += 2;
        }
        return plain.toString();
    }

    private static boolean unreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /** {@code /pypi/Flask.Foo/json} is {@code /pypi/flask-foo/json} (PEP 503). */
    private static String withNormalName(String path) {
        if (!path.startsWith(JSON_BEGIN)) {
            return path;
        }
        int end = path.indexOf('/', JSON_BEGIN.length());
        if (end < 0) {
            return path;
        }
        String name = path.substring(JSON_BEGIN.length(), end);
        return isNormal(name) ? path : JSON_BEGIN + normalized(name) + path.substring(end);
    }

    private static boolean isNormal(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean run = c == '-' && i > 0 && name.charAt(i - 1) == '-';
            if (c == '_' || c == '.' || run || (c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return true;
    }

    private static String normalized(String name) {
        return name.replaceAll("[-_.]+", "-").toLowerCase(Locale.ROOT);
    }
}
